package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.audit.EventOrigins;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.audit.RefusedAttempts;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to deployments is in the audit ledger before anybody is answered. */
class AuditTrailTest extends WorldTestCase {

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob", "carol");
        protect("two", 2, "bob", "carol", "dave");
        protect("open", 0);
    }

    @AfterEach
    void healAndVerify() throws Exception {
        Ledger.heal();
        Ledger.catchUp();
        Ledger.assertSound();
    }

    private static WorkflowRun waiting(String environment) throws Exception {
        return blocked(j, job("deploymentGate '" + environment + "'; echo 'went on'"), "alice");
    }

    private static org.jenkinsci.plugins.workflow.job.WorkflowJob job(String script) throws Exception {
        return pipeline("audit-" + System.nanoTime(), script);
    }

    @Test
    void theLedgerTellsTheWholeStory() throws Exception {
        WorkflowRun build = waiting("two");
        assertEquals(List.of("blocked alice pipeline"), Ledger.of(build));
        vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "looks good");
        try (ACLContext ignored = World.actingAs("bob")) {
            ApprovalService.get().withdraw(build, latest(build).id());
        }
        approve(build, "carol");
        approve(build, "dave");
        assertEquals(
                List.of(
                        "blocked alice pipeline",
                        "approved bob system",
                        "withdrawn bob system",
                        "approved carol system",
                        "approved dave system",
                        "released system"),
                Ledger.of(build).subList(0, 6),
                "before anybody was answered");
        ended(j, Result.SUCCESS, build);
        assertEquals("finished pipeline", Ledger.of(build).get(6));
        LedgerEntry approval = Ledger.entries().stream()
                .filter(entry -> entry.event().comment().equals("looks good"))
                .findFirst()
                .orElseThrow();
        assertEquals("two", approval.event().subject().environment());
        assertEquals(latest(build).id(), approval.event().subject().deployment());
        assertEquals(Map.of(), approval.event().details(), "the vote named no rule");
    }

    @Test
    void whoeverAnswersARequestSaysFromWhereItCame() throws Exception {
        WorkflowRun build = waiting("production");
        LedgerEvent.Origin rest = new LedgerEvent.Origin(LedgerEvent.Means.REST, "192.0.2.1");
        try (Closeable ignored = EventOrigins.get().declare(rest)) {
            approve(build, "bob");
        }
        assertEquals(
                List.of("blocked alice pipeline", "approved bob rest", "released rest"),
                Ledger.of(build).subList(0, 3));
        assertEquals(
                "192.0.2.1",
                Ledger.entries().stream()
                        .filter(entry -> entry.event().user().equals("bob"))
                        .reduce((first, last) -> last)
                        .orElseThrow()
                        .event()
                        .origin()
                        .address());
        assertEquals(LedgerEvent.Origin.SYSTEM, EventOrigins.get().current());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aVoteThatTheLedgerCannotBeToldOfIsNotAcknowledgedAndDoesNotPass() throws Exception {
        WorkflowRun build = waiting("production");
        long id = latest(build).id();
        Ledger.fail();
        for (int attempt = 0; attempt < 2; attempt++) {
            LedgerUnavailableException error = assertThrows(
                    LedgerUnavailableException.class, () -> vote(build, id, "bob", VoteDecision.APPROVED, "now"));
            assertThat(error.getMessage(), containsString("the audit ledger cannot be written"));
        }
        assertEquals(Status.RUNNING, latest(build).status(), "it is on disk");
        assertFalse(LedgerService.get().warnings().isEmpty());
        Ledger.catchUp();
        Reevaluation.get().timePassed(Instant.now());
        j.assertLogNotContains("went on", build);
        assertTrue(build.isBuilding());
        Ledger.heal();
        assertInstanceOf(VoteResult.Recorded.class, vote(build, id, "bob", VoteDecision.APPROVED, "now"));
        assertEquals(List.of(), LedgerService.get().warnings());
        ended(j, Result.SUCCESS, build);
        assertEquals(
                List.of("blocked alice pipeline", "approved bob system", "released system", "finished pipeline"),
                Ledger.of(build),
                "once, and with what was known of it");
    }

    @Test
    void theLedgerCatchesUpByItselfWhenItCanBeWritten() throws Exception {
        WorkflowRun build = waiting("production");
        WorkflowRun other = waiting("two");
        WorkflowRun aborted = waiting("two");
        Ledger.fail();
        assertThrows(LedgerUnavailableException.class, () -> approve(build, "bob"));
        assertThrows(LedgerUnavailableException.class, () -> approve(other, "carol"));
        aborted.doStop();
        ended(j, Result.ABORTED, aborted);
        assertEquals(Status.CANCELED, latest(aborted).status(), "a build can end without the ledger");
        Ledger.heal();
        Ledger.catchUp();
        ended(j, Result.SUCCESS, build);
        assertEquals(List.of("blocked alice pipeline", "approved carol system"), Ledger.of(other));
        assertEquals(List.of("blocked alice pipeline", "canceled pipeline"), Ledger.of(aborted));
        approve(other, "dave");
        ended(j, Result.SUCCESS, other);
        assertEquals(5, Ledger.of(other).size());
    }

    @Test
    void whatNeedsNoApprovalWaitsForTheLedgerToo() throws Exception {
        Ledger.fail();
        WorkflowRun waiting = waiting("production");
        WorkflowRun passing = start(job("deploymentGate 'open'; echo 'went on'"), "alice");
        j.waitForMessage("needs no approval", passing);
        Reevaluation.get().timePassed(Instant.now());
        assertTrue(passing.isBuilding());
        j.assertLogNotContains("went on", passing);
        assertEquals(List.of(), Ledger.of(waiting));
        Ledger.heal();
        Ledger.catchUp();
        assertEquals(List.of("blocked alice pipeline"), Ledger.of(waiting));
        ended(j, Result.SUCCESS, passing);
        assertEquals(List.of("released pipeline", "finished pipeline"), Ledger.of(passing));
        approve(waiting, "bob");
        ended(j, Result.SUCCESS, waiting);
    }

    @Test
    void attemptsThatAreRefusedAreCountedAndNotRepeated() throws Exception {
        WorkflowRun build = waiting("production");
        long id = latest(build).id();
        for (int attempt = 0; attempt < 20; attempt++) {
            vote(build, id, "mallory", VoteDecision.APPROVED, "");
            vote(build, id, "alice", VoteDecision.APPROVED, "");
        }
        assertEquals(
                List.of("blocked alice pipeline", "refused mallory system", "refused alice system"), Ledger.of(build));
        RefusedAttempts.get().flush(Instant.now().plus(Duration.ofSeconds(61)));
        RefusedAttempts.get().flush(Instant.now().plus(Duration.ofSeconds(200)));
        assertEquals(5, Ledger.of(build).size());
        List<LedgerEntry> entries = Ledger.entries();
        assertEquals(
                Map.of("why", "own_deployment", "repeated", "19"),
                entries.get(entries.size() - 1).event().details());
        vote(build, id, "mallory", VoteDecision.APPROVED, "");
        assertEquals(6, Ledger.of(build).size(), "a minute later it is news again");
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void aRefusalIsAnsweredAsSuchAlsoWithoutTheLedger() throws Exception {
        WorkflowRun build = waiting("production");
        long id = latest(build).id();
        Ledger.fail();
        VoteResult result = vote(build, id, "mallory", VoteDecision.APPROVED, "");
        assertEquals(DenialReason.NOT_AN_APPROVER, ((VoteResult.Refused) result).why());
        Ledger.heal();
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void whatTheLedgerHasAlreadyIsNotToldAgain() throws Exception {
        WorkflowRun build = waiting("two");
        approve(build, "bob");
        LiveDeployment found = LiveDeployment.recorded(build, latest(build).id());
        found.isAudited();
        found.isAudited();
        LiveDeployment.recorded(build, latest(build).id()).isAudited();
        assertEquals(List.of("blocked alice pipeline", "approved bob system"), Ledger.of(build));
        build.doStop();
        ended(j, Result.ABORTED, build);
    }
}
