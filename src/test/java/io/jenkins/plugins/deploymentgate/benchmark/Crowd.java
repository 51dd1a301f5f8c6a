package io.jenkins.plugins.deploymentgate.benchmark;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ParametersAction;
import hudson.model.StringParameterValue;
import hudson.model.queue.QueueTaskFuture;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.deploymentgate.benchmark.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;

/** Many builds that wait at one of the steps, and the people who approve them. Runs in the controller. */
final class Crowd {

    private final Contender contender;
    private final List<WorkflowRun> builds = new ArrayList<>();

    private Crowd(Contender contender) {
        this.contender = contender;
    }

    /**
     * Starts builds and waits until all of them wait.
     *
     * @param text a parameter of each build
     */
    static Crowd blocked(Contender contender, int size, String text) throws Exception {
        Crowd crowd = new Crowd(contender);
        WorkflowJob job = contender.job();
        List<QueueTaskFuture<WorkflowRun>> scheduled = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            // Builds that differ in nothing would become one.
            StringParameterValue notes = new StringParameterValue("notes", number + text);
            scheduled.add(job.scheduleBuild2(
                    0,
                    new CauseAction(new Cause.UserIdCause("alice")),
                    new ParametersAction(List.of(notes), Set.of("notes"))));
        }
        for (QueueTaskFuture<WorkflowRun> future : scheduled) {
            crowd.builds.add(future.waitForStart());
        }
        for (WorkflowRun build : crowd.builds) {
            while (!isPaused(build)) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
        return crowd;
    }

    /** @return the builds that run, as they are found after a restart */
    static Crowd found(Contender contender) {
        Crowd crowd = new Crowd(contender);
        contender.job().getBuilds().filter(WorkflowRun::isBuilding).forEach(crowd.builds::add);
        return crowd;
    }

    private static boolean isPaused(WorkflowRun build) {
        FlowExecution execution = build.getExecution();
        return execution != null
                && execution.getCurrentHeads().stream().filter(Objects::nonNull).anyMatch(PauseAction::isPaused);
    }

    int size() {
        return builds.size();
    }

    /**
     * Lets people approve builds, each one after the other and all people at once.
     *
     * @param from the first build
     * @param to the first that is left
     * @return the times from the call that approves to the beginning of the next step, in milliseconds
     */
    ArrayList<Double> approve(int from, int to, int people) throws Exception {
        return together(from, to, people, build -> {
            long begin = System.nanoTime();
            if (!contender.approve(build)) {
                throw new IllegalStateException("cannot approve " + build);
            }
            return (Probe.get().awaitReached(build.getExternalizableId()) - begin) / 1e6;
        });
    }

    /**
     * Lets people approve all builds as soon as that is possible.
     *
     * @return the times at which that was taken, in milliseconds since the epoch
     */
    ArrayList<Double> approveAsSoonAsPossible(int people) throws Exception {
        return together(0, size(), people, build -> {
            while (!contender.approve(build)) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
            return (double) System.currentTimeMillis();
        });
    }

    /** What somebody does with a build. */
    @FunctionalInterface
    private interface Act {
        double on(WorkflowRun build) throws Exception;
    }

    private ArrayList<Double> together(int from, int to, int people, Act act) throws Exception {
        Queue<WorkflowRun> open = new ConcurrentLinkedQueue<>(builds.subList(from, to));
        ExecutorService threads = Executors.newFixedThreadPool(people);
        try {
            List<Future<List<Double>>> voters = new ArrayList<>();
            for (int person = 0; person < people; person++) {
                String name = "voter" + person;
                voters.add(threads.submit(() -> vote(name, open, act)));
            }
            ArrayList<Double> times = new ArrayList<>();
            for (Future<List<Double>> voter : voters) {
                times.addAll(voter.get());
            }
            return times;
        } finally {
            threads.shutdown();
        }
    }

    private static List<Double> vote(String name, Queue<WorkflowRun> open, Act act) throws Exception {
        var person = new UsernamePasswordAuthenticationToken(name, "", List.of(SecurityRealm.AUTHENTICATED_AUTHORITY2));
        List<Double> times = new ArrayList<>();
        try (ACLContext ignored = ACL.as2(person)) {
            for (WorkflowRun build = open.poll(); build != null; build = open.poll()) {
                times.add(act.on(build));
            }
        }
        return times;
    }

    /** Lets all builds, which are approved, come to their end. */
    void end() throws InterruptedException {
        Probe.get()
                .release(builds.stream().map(WorkflowRun::getExternalizableId).toList());
        for (WorkflowRun build : builds) {
            while (build.isLogUpdated()) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
    }
}
