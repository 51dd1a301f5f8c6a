package io.jenkins.plugins.deploymentgate;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Lets many things happen at once, and tells what every thread was doing if they do not come to an end. */
public final class Watchdog {

    private Watchdog() {}

    /**
     * Lets all begin at the same instant, each in a thread of its own.
     *
     * @param seconds how long they may take, all together
     * @return what each gave, in the order of the tasks
     * @throws AssertionError if they are not done in time, with a dump of all threads
     */
    public static <T> List<T> atOnce(List<Callable<T>> tasks, long seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            CyclicBarrier start = new CyclicBarrier(tasks.size());
            List<Future<T>> answers = new ArrayList<>();
            for (Callable<T> task : tasks) {
                answers.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            List<T> results = new ArrayList<>();
            for (Future<T> answer : answers) {
                results.add(answer.get(limit - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
            return results;
        } catch (TimeoutException e) {
            throw new AssertionError("not done after " + seconds + " seconds\n" + dump(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String dump() {
        var threads = ManagementFactory.getThreadMXBean();
        return "deadlocked: " + Arrays.toString(threads.findDeadlockedThreads()) + "\n"
                + Arrays.stream(threads.dumpAllThreads(true, true))
                        .map(ThreadInfo::toString)
                        .collect(Collectors.joining());
    }
}
