package io.jenkins.plugins.deploymentgate.benchmark;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import org.jvnet.hudson.test.JenkinsRule;

/** What is done with one of the steps at a time, so that the two can take turns. Runs in the controller. */
final class Round {

    private static final int MANY = 50;

    private Round() {}

    /**
     * @param blocked milliseconds from scheduling the first build until all are blocked
     * @param threads how many more there are then
     * @param heap how many bytes more each build keeps then
     * @param alone milliseconds from approval to next step with one voter
     * @param together the same with fifty at once
     */
    record Waiting(double blocked, double threads, double heap, ArrayList<Double> alone, ArrayList<Double> together)
            implements Serializable {}

    /** Blocks builds, and approves them: a quarter with one voter, and the others with fifty at once. */
    static Waiting waiting(JenkinsRule j, Contender contender, Integer size) throws Exception {
        long heap = Gauges.heap();
        int threads = Gauges.threads();
        long begin = System.nanoTime();
        Crowd crowd = Crowd.blocked(contender, size, "");
        double blocked = (System.nanoTime() - begin) / 1e6;
        double moreHeap = (double) (Gauges.heap() - heap) / size;
        double moreThreads = Gauges.threads() - threads;
        ArrayList<Double> alone = crowd.approve(0, size / 4, 1);
        ArrayList<Double> together = crowd.approve(size / 4, size, MANY);
        crowd.end();
        return new Waiting(blocked, moreThreads, moreHeap, alone, together);
    }

    /**
     * @param calls bytes given to calls that write, for each vote
     * @param disk bytes of pages of files that are made to differ from the disk
     */
    record Writing(double calls, double disk) implements Serializable {}

    /**
     * Approves builds, one after the other.
     *
     * @param length the length of a text that is in each build.xml
     */
    static Writing writing(JenkinsRule j, Contender contender, Integer size, Integer length) throws Exception {
        Crowd crowd = Crowd.blocked(contender, size, "x".repeat(length));
        Gauges.Written before = Gauges.Written.settled();
        crowd.approve(0, size, 1);
        Gauges.Written after = Gauges.Written.settled();
        crowd.end();
        return new Writing(
                (double) (after.calls() - before.calls()) / size, (double) (after.disk() - before.disk()) / size);
    }

    /** Blocks builds and leaves them alone. */
    static void block(JenkinsRule j, Contender contender, Integer size) throws Exception {
        Crowd.blocked(contender, size, "");
    }

    /**
     * @param first milliseconds from the start of the process until the first vote is taken
     * @param every the same until every vote is taken
     */
    record Resumed(double first, double every) implements Serializable {}

    /** Approves all builds as soon as that is possible after a restart. */
    static Resumed resumed(JenkinsRule j, Contender contender, Integer size) throws Exception {
        double start = ManagementFactory.getRuntimeMXBean().getStartTime();
        Crowd crowd = Crowd.found(contender);
        if (crowd.size() != size) {
            throw new IllegalStateException("there are " + crowd.size() + " builds left");
        }
        ArrayList<Double> taken = crowd.approveAsSoonAsPossible(4);
        crowd.end();
        return new Resumed(Collections.min(taken) - start, Collections.max(taken) - start);
    }
}
