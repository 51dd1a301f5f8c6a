package io.jenkins.plugins.deploymentgate.search;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.init.Terminator;
import hudson.model.PeriodicWork;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.deploymentgate.config.DeploymentDatabaseConfiguration;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentTable;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel.FailedException;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
 * background thread applies, or whoever asks first, so that everybody finds what they were told of. What the queue cannot
 * take, while a database is away, is missed; then lists are incomplete until {@link ReadModelReconciliation} has run. A crash
 * loses the queue, and the reconciliation at the next start finds what was in it.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ReadModelAccess {

    private static final Logger LOGGER = Logger.getLogger(ReadModelAccess.class.getName());

    private static final int MAX_WAITING = 10_000;
    private static final int BATCH = 500;
    private static final long PATIENCE_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 10_000;

    /** After so many failures something other than the file must be wrong, and the model is kept in memory. */
    private static final int MAX_FAILURES = 3;

    private final Clock clock = Clock.systemUTC();
    private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final ReentrantLock applying = new ReentrantLock();

    private final AtmostOneTaskExecutor<Void> applier = BackgroundWork.get().atMostOne(() -> {
        ask(model -> null, null);
        return null;
    });

    @GuardedBy("this")
    private ReadModel model;

    @GuardedBy("this")
    private int failures;

    @GuardedBy("this")
    private long retryAt;

    @GuardedBy("applying")
    private int attempts;

    private volatile boolean missed;
    private volatile boolean reconfigured;
    private volatile boolean closed;

    /** Something that has happened. */
    interface Change {

        /** @throws SQLException if the database fails */
        void apply(DeploymentTable table) throws SQLException;
    }

    static ReadModelAccess get() {
        return ExtensionList.lookupSingleton(ReadModelAccess.class);
    }

    /** Called when Jenkins stops. */
    @Terminator
    public static void stop() {
        get().close();
    }

    /** @return the model; null while its database cannot be reached, and after Jenkins was stopped */
    @CheckForNull
    synchronized ReadModel current() {
        if (reconfigured) {
            reconfigured = false;
            if (model != null) {
                // It hears of nothing from now on, and may be used again one day.
                model.setComplete(false);
            }
            release();
        }
        if (model == null && !closed && clock.millis() >= retryAt) {
            model = open();
            if (model != null && !model.isComplete()) {
                ReadModelReconciliation.get().start();
            }
        }
        return model;
    }

    @GuardedBy("this")
    @CheckForNull
    private ReadModel open() {
        Optional<ReadModel.Server> server =
                DeploymentDatabaseConfiguration.get().server(Jenkins.get().getLegacyInstanceId());
        try {
            if (server.isPresent()) {
                return ReadModel.connect(server.get());
            } else if (failures < MAX_FAILURES) {
                return ReadModel.open(file(), clock);
            }
        } catch (FailedException e) {
            retryAt = clock.millis() + RETRY_MILLIS;
            LOGGER.log(
                    Level.WARNING, e, () -> "Lists of deployments are empty until " + server.get() + " can be reached");
            return null;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The database of deployments cannot be created");
        }
        LOGGER.warning("The read model of deployments is kept in memory until Jenkins is restarted");
        return ReadModel.inMemory();
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("deployment-gate/index.mv.db");
    }

    /** Has a change applied soon; before anybody is answered who asks after this. Never waits. */
    void change(Change change) {
        if (closed) {
            changeClosed(change);
        } else if (!waiting.offer(change)) {
            missed = true;
        }
        applier.submit();
    }

    /** Pipelines can go on for a moment while Jenkins stops. */
    private synchronized void changeClosed(Change change) {
        try (ReadModel again = open()) {
            if (again != null) {
                again.write(table -> {
                    change.apply(table);
                    return null;
                });
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
        if (waiting.isEmpty() && !missed && !applying.isLocked()) {
            return;
        }
        if (applying.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            try {
                for (List<Change> batch = batch(); !batch.isEmpty(); batch = batch()) {
                    apply(open, batch);
                }
                if (missed) {
                    missed = false;
                    open.setComplete(false);
                    ReadModelReconciliation.get().start();
                }
            } finally {
                applying.unlock();
            }
        }
    }

    private List<Change> batch() {
        return waiting.stream().limit(BATCH).toList();
    }

    /** A batch stays in the queue until it is applied, unless it fails a second time. */
    @GuardedBy("applying")
    private void apply(ReadModel open, List<Change> batch) {
        try {
            open.write(table -> {
                for (Change change : batch) {
                    change.apply(table);
                }
                return null;
            });
        } catch (FailedException e) {
            attempts++;
            if (attempts > 1) {
                attempts = 0;
                missed = true;
                batch.forEach(change -> waiting.poll());
            }
            throw e;
        }
        attempts = 0;
        batch.forEach(change -> waiting.poll());
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
            failed.abandon(why, clock);
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
        if (model != null) {
            try {
                model.close();
            } catch (FailedException e) {
                LOGGER.log(Level.WARNING, e, () -> "The read model of deployments is rebuilt when it is opened again");
            }
        }
        model = null;
        retryAt = 0;
    }

    /** Tries to reach a database that is away. Only asks for it; the work is done by other threads. */
    @Extension
    public static class Retry extends PeriodicWork {

        @Override
        public long getRecurrencePeriod() {
            return RETRY_MILLIS;
        }

        @Override
        protected void doRun() {
            get().applier.submit();
        }
    }

    /** Goes to another database when an administrator has configured one. */
    @Extension
    public static class OnConfiguration extends SaveableListener {

        @Override
        public void onChange(Saveable changed, XmlFile file) {
            if (changed instanceof DeploymentDatabaseConfiguration) {
                // The caller holds the lock of the configuration, which opening the model needs.
                get().reconfigured = true;
                get().applier.submit();
            }
        }
    }
}
