package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.Watchdog;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.approval.VoteResult.Recorded;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Sixty-four threads and a thousand deployments, which are real but for the pipelines: all belong to one build, and their
 * steps only take notes, because a thousand pipelines would take minutes and add nothing to the locks that are in doubt.
 */
@WithJenkins
class CrowdTest {

    private static final int THREADS = 64;
    private static final int DEPLOYMENTS = 1_000;
    private static final int LOOKS = 150;

    /** So many of the threads are people of their own; the others are people who press in several windows at once. */
    private static final int OWN = THREADS / 2;

    /** The deployments whose steps were interrupted, whether or not they were decided by then. */
    private static final Set<Long> CANCELED = ConcurrentHashMap.newKeySet();

    private static JenkinsRule j;
    private static WorkflowRun build;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .toAuthenticated());
        protect("crowded", 3);
        build = World.blocked(j, pipeline("crowd", "deploymentGate 'crowded'"), null);
    }

    @AfterAll
    static void end() throws Exception {
        build.doStop();
        World.ended(j, Result.ABORTED, build);
    }

    /** Hears of everything in order. */
    @TestExtension
    public static class Diary implements DeploymentListener {

        private final Map<Long, List<Deployment>> states = new ConcurrentHashMap<>();

        @Override
        public void onChanged(@NonNull Run<?, ?> run, @NonNull Deployment deployment) {
            states.computeIfAbsent(deployment.id(), id -> new CopyOnWriteArrayList<>())
                    .add(deployment);
        }
    }

    /** A pipeline, as far as a gate can see. */
    private static final class Notes implements LiveStep {

        private final List<Status> told = new CopyOnWriteArrayList<>();

        @Override
        public void settle(Deployment deployment) {
            told.add(deployment.status());
        }

        @Override
        public boolean print(String line) {
            return true;
        }

        @Override
        public ListenableFuture<Void> save() {
            return Futures.immediateVoidFuture();
        }
    }

    private static long open(Notes notes, Optional<Duration> deadline) throws Exception {
        DeploymentLifecycle lifecycle = DeploymentLifecycle.get();
        Deployment opened = lifecycle.open(
                build,
                new StepArguments("crowded", DeploymentDescription.NONE, deadline, false),
                PipelinePlace.UNKNOWN);
        assertEquals(Status.BLOCKED, opened.status());
        lifecycle.attach(build, opened.id(), notes);
        return opened.id();
    }

    /** What an interrupted step does, but for failing: it is told of no decision after that. */
    private static void cancel(long id) {
        CANCELED.add(id);
        DeploymentLifecycle.get().cancel(build, id, new FlowInterruptedException(Result.ABORTED, true));
    }

    private record Key(long deployment, String user) {}

    /** What one thread did: the last that was acknowledged to its own person. */
    private static final class Memory extends HashMap<Key, String> {

        private static final long serialVersionUID = 1L;
    }

    @Test
    void aCrowdDecidesEachDeploymentOnceAndLosesNoVote() throws Exception {
        Map<Long, Notes> steps = new HashMap<>();
        for (int i = 0; i < DEPLOYMENTS; i++) {
            Notes notes = new Notes();
            steps.put(open(notes, Optional.empty()), notes);
        }
        List<Long> ids = List.copyOf(steps.keySet());
        List<Callable<Memory>> people = new ArrayList<>(IntStream.range(0, THREADS - 1)
                .<Callable<Memory>>mapToObj(thread -> () -> press(ids, thread))
                .toList());
        people.add(CrowdTest::changePolicy);
        List<Memory> memories = Watchdog.atOnce(people, 120);
        protect("crowded", 3);
        Reevaluation.get().policyChanged();
        for (long id : ids) {
            Deployment after = deployment(build, id);
            assertConsistent(after);
            List<Deployment> states =
                    ExtensionList.lookupSingleton(Diary.class).states.get(id);
            assertContinuous(states, after);
            assertToldOnce(states, steps.get(id).told, CANCELED.contains(id));
        }
        memories.forEach(memory -> memory.forEach(CrowdTest::assertRemembered));
        Map<Status, Long> ends = ids.stream().collect(Collectors.groupingBy(id -> status(id), Collectors.counting()));
        assertTrue(ends.keySet().containsAll(Set.of(Status.RUNNING, Status.FAILED, Status.CANCELED)), ends::toString);
        ids.forEach(CrowdTest::cancel);
    }

    private static Status status(long id) {
        try {
            return deployment(build, id).status();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Memory press(List<Long> ids, int thread) throws IOException {
        Random random = new Random(thread);
        String user = thread < OWN ? "own" + thread : "shared" + thread % 8;
        Memory memory = new Memory();
        for (int look = 0; look < LOOKS; look++) {
            long id = ids.get(random.nextInt(ids.size()));
            int dice = random.nextInt(100);
            if (dice < 2) {
                cancel(id);
            } else if (dice < 15) {
                note(memory, thread, new Key(id, user), "withdrawn", withdraw(id, user));
            } else {
                VoteDecision decision = dice < 17 ? VoteDecision.REJECTED : VoteDecision.APPROVED;
                note(memory, thread, new Key(id, user), decision.word(), vote(build, id, user, decision, ""));
            }
        }
        return memory;
    }

    private static void note(Memory memory, int thread, Key key, String what, VoteResult result) {
        if (thread < OWN && result instanceof Recorded) {
            memory.put(key, what);
        }
    }

    private static VoteResult withdraw(long id, String user) throws IOException {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            return ApprovalService.get().withdraw(build, id);
        }
    }

    private static Memory changePolicy() {
        for (int change = 0; change < 4; change++) {
            protect("crowded", change % 2 == 0 ? 4 : 3);
            Reevaluation.get().policyChanged();
        }
        return new Memory();
    }

    private static void assertConsistent(Deployment after) {
        List<Approval> votes = after.approvals();
        assertEquals(
                votes.size(),
                votes.stream().map(vote -> vote.voter().id()).distinct().count(),
                "one person, one vote");
        long rejections = votes.stream()
                .filter(vote -> vote.decision() == VoteDecision.REJECTED)
                .count();
        long approvals = votes.size() - rejections;
        assertEquals(
                Math.min(approvals, after.tally().required()), after.tally().given(), after::toString);
        switch (after.status()) {
            case RUNNING ->
                assertTrue(rejections == 0 && approvals == after.tally().required(), after::toString);
            // What has just become enough by a change of the policy can be stopped until it is released.
            case FAILED ->
                assertTrue(rejections == 1 && approvals <= after.tally().required(), after::toString);
            case BLOCKED ->
                assertTrue(rejections == 0 && approvals < after.tally().required(), after::toString);
            default -> assertTrue(rejections == 0 && approvals <= after.tally().required(), after::toString);
        }
    }

    /** Each change adds one vote to what was there before, or takes one away, or none: nobody wrote over anybody. */
    private static void assertContinuous(List<Deployment> states, Deployment after) {
        assertEquals(after, states.get(states.size() - 1), "what was heard last is on disk");
        for (int i = 1; i < states.size(); i++) {
            Deployment before = states.get(i - 1);
            Deployment next = states.get(i);
            List<Approval> added = new ArrayList<>(next.approvals());
            added.removeAll(before.approvals());
            List<Approval> removed = new ArrayList<>(before.approvals());
            removed.removeAll(next.approvals());
            assertTrue(added.size() + removed.size() <= 1, () -> before + " became " + next);
            assertEquals(
                    before.history().withdrawals().size() + removed.size(),
                    next.history().withdrawals().size());
            assertTrue(
                    before.status() == next.status()
                            || before.status() == Status.BLOCKED
                            || before.status() == Status.RUNNING && next.status() == Status.CANCELED,
                    () -> "decided twice: " + before + " became " + next);
        }
    }

    /** A step that is interrupted between the decision and its delivery fails by the interruption, and is not told. */
    private static void assertToldOnce(List<Deployment> states, List<Status> told, boolean canceled) {
        Status decision = states.stream()
                .map(Deployment::status)
                .filter(status -> status != Status.BLOCKED)
                .findFirst()
                .orElse(Status.BLOCKED);
        boolean byPeople = decision == Status.RUNNING || decision == Status.FAILED;
        assertTrue(
                told.size() == 1 || told.isEmpty() && (canceled || !byPeople), () -> decision + " was told as " + told);
        told.forEach(status ->
                assertTrue(status == decision || status == Status.CANCELED, () -> decision + " was told as " + told));
    }

    private static void assertRemembered(Key key, String what) {
        try {
            Deployment after = deployment(build, key.deployment());
            String there =
                    after.voteOf(key.user()).map(vote -> vote.decision().word()).orElse("withdrawn");
            assertEquals(what, there, () -> key + " in " + after);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private enum Event {
        APPROVAL,
        DEADLINE,
        ABORT
    }

    private static VoteResult happen(Event event, long id) throws IOException {
        switch (event) {
            case APPROVAL -> {
                return vote(build, id, "yes", VoteDecision.APPROVED, "");
            }
            case DEADLINE ->
                Reevaluation.get().timePassed(deployment(build, id).createdAt().plus(Duration.ofHours(2)));
            case ABORT -> cancel(id);
        }
        return null;
    }

    private static final List<List<Event>> ORDERS = List.of(
            List.of(Event.APPROVAL, Event.DEADLINE, Event.ABORT),
            List.of(Event.APPROVAL, Event.ABORT, Event.DEADLINE),
            List.of(Event.DEADLINE, Event.APPROVAL, Event.ABORT),
            List.of(Event.DEADLINE, Event.ABORT, Event.APPROVAL),
            List.of(Event.ABORT, Event.APPROVAL, Event.DEADLINE),
            List.of(Event.ABORT, Event.DEADLINE, Event.APPROVAL));

    private static Status after(Event first) {
        return switch (first) {
            case APPROVAL -> Status.RUNNING;
            case DEADLINE -> Status.FAILED;
            case ABORT -> Status.CANCELED;
        };
    }

    @Test
    void approvalDeadlineAndAbortDecideInTheOrderInWhichTheyCome() throws Exception {
        protect("crowded", 1);
        for (List<Event> order : ORDERS) {
            Notes notes = new Notes();
            long id = open(notes, Optional.of(Duration.ofHours(1)));
            for (Event event : order) {
                VoteResult result = happen(event, id);
                assertEquals(
                        event == Event.APPROVAL && order.get(0) == event,
                        result instanceof Recorded,
                        () -> order + ": " + result);
            }
            Status expected = after(order.get(0));
            Status end = deployment(build, id).status();
            assertEquals(expected == Status.RUNNING && order.contains(Event.ABORT) ? Status.CANCELED : expected, end);
            assertEquals(expected, notes.told.isEmpty() ? Status.CANCELED : notes.told.get(0));
            assertTrue(notes.told.size() <= 1, notes.told::toString);
        }
        protect("crowded", 3);
    }

    @Test
    void approvalDeadlineAndAbortAtOnceHaveOneWinner() throws Exception {
        protect("crowded", 1);
        for (int round = 0; round < 30; round++) {
            Notes notes = new Notes();
            long id = open(notes, Optional.of(Duration.ofHours(1)));
            List<VoteResult> results = Watchdog.atOnce(
                    ORDERS.get(round % ORDERS.size()).stream()
                            .<Callable<VoteResult>>map(event -> () -> happen(event, id))
                            .toList(),
                    30);
            boolean approved = results.stream().anyMatch(Recorded.class::isInstance);
            Deployment end = deployment(build, id);
            assertEquals(approved ? 1 : 0, end.approvals().size(), "what was acknowledged is there, and nothing else");
            assertTrue(notes.told.size() <= 1, notes.told::toString);
            assertTrue(approved || !notes.told.contains(Status.RUNNING), () -> notes.told + " for " + end);
        }
        protect("crowded", 3);
    }
}
