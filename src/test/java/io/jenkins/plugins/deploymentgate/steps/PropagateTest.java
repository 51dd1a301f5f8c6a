package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A script in the sandbox looks at the status instead of failing. */
class PropagateTest extends WorldTestCase {

    private static final String SCRIPT = """
        def deployment = deploymentGate(environment: 'production', propagate: false)
        if (deployment.status == 'running') {
          echo "deploying, approved by ${deployment.approvals*.user.join(', ')}"
        } else {
          echo "not deploying: ${deployment.status} ${deployment.reason} by ${deployment.user}: ${deployment.comment}"
          echo "approvals ${deployment.approvals.size()}"
        }
        """;

    @BeforeEach
    void protectEnvironments() {
        protect("production", 2, "bob", "carol");
    }

    private static WorkflowRun waiting(String script) throws Exception {
        return blocked(j, pipeline("propagate-" + System.nanoTime(), script), "alice");
    }

    @Test
    void anApprovedDeploymentIsRunning() throws Exception {
        WorkflowRun build = waiting(SCRIPT);
        approve(build, "bob");
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("deploying, approved by bob, carol", build);
        assertEquals(Status.SUCCESS, latest(build).status());
    }

    @Test
    void aRejectionIsReturnedAndTheBuildGoesOn() throws Exception {
        WorkflowRun build = waiting(SCRIPT);
        approve(build, "bob");
        vote(build, latest(build).id(), "carol", VoteDecision.REJECTED, "not on a Friday");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("not deploying: failed deployment_rejected by carol: not on a Friday", build);
        j.assertLogContains("approvals 1", build);
        assertEquals(Status.FAILED, latest(build).status());
    }

    @Test
    void aRequesterWithoutDeployAccessIsReturnedToo() throws Exception {
        ProtectedEnvironment restricted = environment("production", 1, "bob");
        restricted.setDeployAccess(List.of(new UserApprover("carol")));
        protect(restricted);
        WorkflowRun build = start(pipeline("propagate-" + System.nanoTime(), SCRIPT), "alice");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("not deploying: failed deployment_forbidden by null: null", build);
    }

    @Test
    void anUnknownEnvironmentFailsAllTheSame() throws Exception {
        WorkflowRun build = start(
                pipeline(
                        "propagate-" + System.nanoTime(),
                        "deploymentGate(environment: 'prodution', propagate: false); echo 'went on'"),
                "alice");
        ended(j, Result.FAILURE, build);
        j.assertLogNotContains("went on", build);
    }

    @Test
    void anInterruptionThrowsAllTheSame() throws Exception {
        WorkflowRun timeout = waiting("timeout(time: 1, unit: 'SECONDS') { %s }".formatted(SCRIPT));
        ended(j, Result.ABORTED, timeout);
        j.assertLogNotContains("not deploying", timeout);
        WorkflowRun abort = waiting(SCRIPT);
        abort.doStop();
        ended(j, Result.ABORTED, abort);
        j.assertLogNotContains("not deploying", abort);
    }
}
