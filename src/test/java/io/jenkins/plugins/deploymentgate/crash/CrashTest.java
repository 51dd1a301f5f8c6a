package io.jenkins.plugins.deploymentgate.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.crash.Vote.Kind;
import io.jenkins.plugins.deploymentgate.crash.seams.Seam;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * The controller stops dead at each seam once, and is started again on the same home: what was acknowledged is there once,
 * nothing has passed that should not, and whatever is blocked can be approved and goes on. The long form is
 * {@code CrashRun}.
 */
class CrashTest {

    private static final String BOB = "bob";
    private static final String CAROL = "carol";

    private static final Set<Seam> WHEN_OPENED = EnumSet.of(Seam.OPENING, Seam.OPENED);

    /** Of a step with a block: see {@code BlockCrashTest}. */
    private static final EnumSet<Seam> OF_BLOCKS = EnumSet.of(Seam.BLOCK_OVER, Seam.BLOCK_CLOSED);

    /** Where the voter certainly has no answer; what follows a delivery is on other threads than the answer. */
    private static final Set<Seam> UNANSWERED = EnumSet.of(
            Seam.BEFORE_WRITE,
            Seam.HALF_WRITTEN,
            Seam.AFTER_WRITE,
            Seam.AFTER_LISTENERS,
            Seam.AFTER_CONSOLE,
            Seam.BEFORE_DELIVERY,
            Seam.BEFORE_ANSWER);

    @RegisterExtension
    final RealJenkinsExtension process = Controller.process();

    private final VoteBook book = new VoteBook();
    private Controller controller;
    private Closers closers;
    private int bystander;

    @Test
    void whateverIsAcknowledgedSurvivesAKillAtEachSeam() throws Throwable {
        controller = new Controller(process);
        closers = new Closers(controller, book);
        controller.create(BOB, CAROL, "erin", "frank");
        bystander = blockedBuild();
        vote(bystander, BOB, Kind.APPROVE);
        for (Seam seam : EnumSet.complementOf(OF_BLOCKS)) {
            int build = WHEN_OPENED.contains(seam) ? openAndHalt(seam) : voteAndHalt(seam);
            assertEquals(List.of(), controller.leftInLedger(book), seam::name);
            if (seam == Seam.AFTER_WRITE) {
                controller.startAndHalt(Seam.AFTER_DELIVERY);
            }
            controller.start();
            check(seam, build);
        }
        assertTrue(controller.builds(bystander).get(bystander).isBlocked());
        assertEquals(List.of(), closers.close(bystander, build -> false), "after all that it goes on");
        assertTrue(controller.builds(bystander).get(bystander).wentOn());
    }

    private int openAndHalt(Seam seam) throws Throwable {
        int build = next();
        start(Optional.of(seam));
        controller.awaitHalt();
        return build;
    }

    /** The last approval is under way when the controller stops. */
    private int voteAndHalt(Seam seam) throws Throwable {
        int build = blockedBuild();
        vote(build, BOB, Kind.APPROVE);
        Vote last = new Vote(build, deployment(build), CAROL, Kind.APPROVE);
        Optional<Boolean> answer = controller.vote(book, last, Optional.of(seam));
        if (UNANSWERED.contains(seam)) {
            assertEquals(Optional.empty(), answer, seam::name);
        } else if (seam == Seam.AFTER_ANSWER) {
            assertEquals(Optional.of(true), answer);
        }
        controller.awaitHalt();
        return build;
    }

    private void check(Seam seam, int build) throws Throwable {
        assertEquals(
                List.of(),
                Checks.problems(controller, controller.builds(bystander).values(), book),
                () -> "after the kill at " + seam);
        assertEquals(
                List.of(), closers.close(bystander, state -> state.number() == bystander), () -> "stuck after " + seam);
        BuildState after = controller.builds(build).get(build);
        String console = controller.console(build);
        assertTrue(after.hasSucceeded() && after.wentOn(), () -> seam + " leaves " + after + console);
        assertEquals("success", after.deployments().get(0).status(), seam::name);
        assertEquals(List.of(), Checks.problems(controller, List.of(after), book));
    }

    private int next() throws Throwable {
        return Math.max(
                1, controller.builds(1).isEmpty() ? 1 : controller.builds(1).lastKey() + 1);
    }

    private int blockedBuild() throws Throwable {
        int number = next();
        start(Optional.empty());
        await().atMost(Duration.ofSeconds(30)).until(() -> isBlocked(number));
        return number;
    }

    private boolean isBlocked(int number) throws Exception {
        try {
            BuildState build = controller.builds(number).get(number);
            return build != null && build.isBlocked();
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    private void start(Optional<Seam> halt) throws Exception {
        try {
            assertEquals(
                    201, controller.post(Controller.REQUESTER, "job/" + Controller.JOB + "/build", Map.of(), halt));
        } catch (IOException e) {
            assertTrue(halt.isPresent(), e::toString);
        }
    }

    private void vote(int build, String user, Kind kind) throws Throwable {
        assertEquals(
                Optional.of(true),
                controller.vote(book, new Vote(build, deployment(build), user, kind), Optional.empty()));
    }

    private long deployment(int build) throws Throwable {
        return controller.builds(build).get(build).latest();
    }
}
