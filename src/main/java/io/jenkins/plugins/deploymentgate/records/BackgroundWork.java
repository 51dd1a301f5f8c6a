package io.jenkins.plugins.deploymentgate.records;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import hudson.util.DaemonThreadFactory;
import hudson.util.ExceptionCatchingThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.security.ImpersonatingExecutorService;
import jenkins.util.AtmostOneTaskExecutor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The threads for background work, so that slow disks, networks and change logs delay neither requests nor Jenkins'
 * shared threads. Tasks run as the system user and start in the order in which they were submitted. Any thread may
 * call. When Jenkins stops, running tasks are interrupted and the others are dropped.
 */
@Extension
@Restricted(NoExternalUse.class)
public class BackgroundWork implements Executor {

    private static final Logger LOGGER = Logger.getLogger(BackgroundWork.class.getName());

    private static final int THREADS = 4;
    private static final int MAX_WAITING = 1_000;
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ExceptionCatchingThreadFactory(
                    new NamingThreadFactory(new DaemonThreadFactory(), "deployment-gate-worker")),
            (task, stopped) -> LOGGER.log(Level.FINE, () -> "Jenkins stops, " + task + " is dropped"));

    private final ExecutorService asSystem = new ImpersonatingExecutorService(threads, ACL.SYSTEM2);

    /** Lets idle threads end. */
    public BackgroundWork() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** @return the threads of this controller */
    public static BackgroundWork get() {
        return ExtensionList.lookupSingleton(BackgroundWork.class);
    }

    /**
     * @param task what it throws is logged
     * @throws RejectedExecutionException if {@value #MAX_WAITING} tasks are waiting already
     */
    @Override
    public void execute(Runnable task) {
        if (threads.getQueue().size() >= MAX_WAITING) {
            throw new RejectedExecutionException(MAX_WAITING + " background tasks are waiting already");
        }
        asSystem.execute(task);
    }

    /**
     * Makes something that runs a task on these threads, never twice at a time, and once for all requests that come before
     * it begins. Requests are never rejected, since each such task waits in the queue at most once.
     *
     * @param task what it throws is logged
     * @return to be kept by whoever owns the task
     */
    public <V> AtmostOneTaskExecutor<V> atMostOne(Callable<V> task) {
        return new AtmostOneTaskExecutor<>(asSystem, task);
    }

    /** Called when Jenkins stops. */
    @Terminator
    public static void stop() {
        get().threads.shutdownNow();
    }
}
