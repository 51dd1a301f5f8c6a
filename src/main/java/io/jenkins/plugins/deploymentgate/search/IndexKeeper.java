package io.jenkins.plugins.deploymentgate.search;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentIndex;
import io.jenkins.plugins.deploymentgate.core.index.IndexFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Keeps the index open while Jenkins runs, and puts a new one in the place of one that fails.
 *
 * <p>Any thread may call. A change is in memory when the call returns, and on disk about a second later. A crash loses the
 * changes of that second; then the index was not closed, and {@link IndexReconciliation} looks through the builds at the
 * next start. A change that comes after the index was closed opens it once more, so that what was closed can be trusted.
 */
@Extension
@Restricted(NoExternalUse.class)
public class IndexKeeper {

    private static final Logger LOGGER = Logger.getLogger(IndexKeeper.class.getName());

    private static final long COMMIT_SECONDS = 1;

    /** How often a file may fail before something other than the file is thought to be wrong. */
    private static final int MAX_FAILURES = 3;

    private final Clock clock = Clock.systemUTC();
    private final AtomicBoolean commitDue = new AtomicBoolean();
    private DeploymentIndex index;
    private int failures;
    private boolean closed;

    public static IndexKeeper get() {
        return ExtensionList.lookupSingleton(IndexKeeper.class);
    }

    /** Called when Jenkins stops. */
    @Terminator
    public static void stop() {
        get().close();
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("deployment-gate/index.mv");
    }

    /** @return the index; null after it was closed */
    @CheckForNull
    synchronized DeploymentIndex current() {
        if (index == null && !closed) {
            index = open();
        }
        return index;
    }

    private DeploymentIndex open() {
        if (failures < MAX_FAILURES) {
            try {
                return DeploymentIndex.open(file(), clock);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "There can be no file for the index of deployments");
            }
        }
        LOGGER.warning("The index of deployments is kept in memory until Jenkins is started again");
        return DeploymentIndex.inMemory();
    }

    /**
     * @param change what to do to the index; done a second time, to an empty one, if the index fails
     */
    void change(Consumer<DeploymentIndex> change) {
        DeploymentIndex first = current();
        if (first != null) {
            try {
                change.accept(first);
                commitSoon();
                return;
            } catch (IndexFailedException e) {
                replace(first, e);
            }
        }
        DeploymentIndex second = current();
        if (second == null) {
            changeClosed(change);
        } else {
            change.accept(second);
            commitSoon();
        }
    }

    private synchronized void changeClosed(Consumer<DeploymentIndex> change) {
        try (DeploymentIndex again = open()) {
            change.accept(again);
        }
    }

    /**
     * @param question asks the index; asked a second time, of an empty one, if the index fails
     * @param otherwise the answer if there is no index, because Jenkins stops
     * @return the answer
     */
    public <T> T ask(Function<DeploymentIndex, T> question, T otherwise) {
        DeploymentIndex first = current();
        if (first == null) {
            return otherwise;
        }
        try {
            return question.apply(first);
        } catch (IndexFailedException e) {
            replace(first, e);
        }
        DeploymentIndex second = current();
        return second == null ? otherwise : question.apply(second);
    }

    /** Sets an index aside that has failed, if that was not done yet, and has a new one made from the builds. */
    void replace(DeploymentIndex failed, IndexFailedException why) {
        synchronized (this) {
            if (closed || index != failed) {
                return;
            }
            failures++;
            try {
                failed.abandon(why);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "The index of deployments has failed and cannot be set aside");
            }
            index = open();
        }
        IndexReconciliation.get().start();
    }

    private void commitSoon() {
        if (commitDue.compareAndSet(false, true)) {
            Timer.get().schedule(this::commit, COMMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void commit() {
        commitDue.set(false);
        DeploymentIndex open = current();
        if (open != null) {
            try {
                open.commit();
            } catch (IndexFailedException e) {
                replace(open, e);
            }
        }
    }

    /** Writes everything to disk, and lets go of the file. */
    synchronized void close() {
        closed = true;
        DeploymentIndex open = index;
        index = null;
        if (open != null) {
            try {
                open.close();
            } catch (IndexFailedException e) {
                LOGGER.log(Level.WARNING, e, () -> "The index of deployments is made anew at the next start");
            }
        }
    }
}
