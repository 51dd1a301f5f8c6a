package io.jenkins.plugins.deploymentgate.search;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import io.jenkins.plugins.deploymentgate.config.DeploymentDatabaseConfiguration;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel.Change;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel.FailedException;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.AtmostOneTaskExecutor;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Holds the read model while Jenkins runs: opens it, replaces it when it fails, and applies changes to it in their order.
 *
 * <p>Any thread may call. Nobody who changes a deployment waits for the database: changes go into a bounded queue, which a
 * background thread applies, or whoever asks first, so that everybody finds what they were told of. Changes that the queue
 * cannot take while a database is away, or that a failing database does not take, are missed; then lists are incomplete until
 * {@link ReadModelReconciliation} has run. A crash loses the queue, and the reconciliation at the next start finds what was in
 * it.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ReadModelAccess {

    static final long RETRY_MILLIS = 10_000;

    private static final Logger LOGGER = Logger.getLogger(ReadModelAccess.class.getName());

    private static final int MAX_WAITING = 10_000;
    private static final int BATCH = 500;
    private static final long PATIENCE_MILLIS = 1_000;

    /** After so many failures something other than the file must be wrong, and the model is kept in memory. */
    private static final int MAX_FAILURES = 3;

    private final Clock clock = Clock.systemUTC();
    private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final ReentrantLock applying = new ReentrantLock();
    private final AtomicLong missed = new AtomicLong();

    private final AtmostOneTaskExecutor<Void> applier = BackgroundWork.get().atMostOne(() -> ask(open -> null, null));

    /** Written under the monitor. */
    @CheckForNull
    private volatile ReadModel model;

    /** Where the model is; empty for the embedded database. */
    @GuardedBy("this")
    private Optional<ReadModel.Server> server = Optional.empty();

    @GuardedBy("this")
    private int failures;

    @GuardedBy("this")
    private long retryAt;

    private volatile boolean closed;

    static ReadModelAccess get() {
        return ExtensionList.lookupSingleton(ReadModelAccess.class);
    }

    /** Called when Jenkins stops. */
    @Terminator(attains = ControllerLock.WRITERS_CLOSED)
    public static void stop() {
        get().close();
    }

    /** @return the model; null while its database cannot be reached or belongs to another Jenkins, and after a stop */
    @CheckForNull
    synchronized ReadModel current() {
        Optional<ReadModel.Server> configured =
                DeploymentDatabaseConfiguration.get().server(Jenkins.get().getLegacyInstanceId());
        if (!configured.equals(server)) {
            // A model that is left hears of nothing from now on, and may be used again one day.
            miss();
            release();
            server = configured;
        }
        ReadModel open = model;
        if (open == null && !closed && clock.millis() >= retryAt) {
            open = open();
            model = open;
            if (open != null && !open.isComplete()) {
                ReadModelReconciliation.get().start();
            }
        }
        return open;
    }

    @GuardedBy("this")
    @CheckForNull
    private ReadModel open() {
        Optional<ReadModel.Server> where = server;
        try {
            // H2 cannot tell a file that another Jenkins has open from a damaged one, which would be set aside.
            ControllerLock.get().checkOwned();
            if (where.isPresent()) {
                return ReadModel.connect(where.get());
            } else if (failures < MAX_FAILURES) {
                return ReadModel.open(Jenkins.get().getRootDir().toPath().resolve("deployment-gate/index.mv.db"));
            }
        } catch (FailedException e) {
            retryAt = clock.millis() + RETRY_MILLIS;
            LOGGER.log(
                    Level.WARNING, e, () -> "Lists of deployments are empty until " + where.get() + " can be reached");
            return null;
        } catch (UnavailableException e) {
            retryAt = clock.millis() + RETRY_MILLIS;
            LOGGER.log(Level.FINE, e, () -> "Lists of deployments are empty");
            return null;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The database of deployments cannot be created");
        }
        LOGGER.warning("The read model of deployments is kept in memory until Jenkins is restarted");
        return ReadModel.inMemory();
    }

    /** Has a change applied soon; before anybody is answered who asks after this. Never waits. */
    void change(Change change) {
        if (closed) {
            changeClosed(change);
        } else if (!waiting.offer(change)) {
            miss();
        }
        applier.submit();
    }

    private void miss() {
        missed.incrementAndGet();
        ReadModel open = model;
        if (open != null) {
            open.setComplete(false);
        }
    }

    /** @return how often changes were missed */
    long missed() {
        return missed.get();
    }

    /** Pipelines can go on for a moment while Jenkins stops. */
    private synchronized void changeClosed(Change change) {
        try (ReadModel again = open()) {
            if (again != null) {
                again.write(change);
            }
        } catch (FailedException e) {
            LOGGER.log(Level.WARNING, e, () -> "A change is missing in lists until the read model is reconciled");
        }
    }

    /**
     * @param question is asked a second time, of a new model, if the first fails
     * @param otherwise the answer if there is no model
     */
    <T> T ask(Function<ReadModel, T> question, T otherwise) {
        for (int attempt = 0; attempt < 2; attempt++) {
            ReadModel open = current();
            if (open == null) {
                return otherwise;
            }
            try {
                applyWaiting(open);
                return question.apply(open);
            } catch (FailedException e) {
                replace(open, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return otherwise;
            }
        }
        return otherwise;
    }

    private void applyWaiting(ReadModel open) throws InterruptedException {
        if (waiting.isEmpty() && !applying.isLocked() || !applying.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
        }
        try {
            List<Change> batch = new ArrayList<>();
            while (waiting.drainTo(batch, BATCH) > 0) {
                open.write(table -> {
                    for (Change change : batch) {
                        change.apply(table);
                    }
                });
                batch.clear();
            }
        } catch (FailedException e) {
            miss();
            throw e;
        } finally {
            applying.unlock();
        }
    }

    /** Sets a model aside that has failed, unless that was done already; the next question opens another. */
    synchronized void replace(ReadModel failed, FailedException why) {
        if (closed || model != failed) {
            return;
        }
        failures++;
        model = null;
        LOGGER.log(Level.WARNING, why, () -> "The read model of deployments failed and is opened anew");
        try {
            failed.abandon(why);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The read model of deployments has failed and cannot be set aside");
        }
    }

    /** Applies what waits, and lets go of the database. */
    void close() {
        ask(open -> null, null);
        closed = true;
        release();
    }

    private synchronized void release() {
        try (ReadModel open = model) {
            model = null;
            retryAt = 0;
        } catch (FailedException e) {
            LOGGER.log(Level.WARNING, e, () -> "The read model of deployments is rebuilt when it is opened again");
        }
    }
}
