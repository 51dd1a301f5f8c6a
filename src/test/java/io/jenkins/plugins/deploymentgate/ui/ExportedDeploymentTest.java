package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** The deployments of a build in Jenkins' own remote API. */
class ExportedDeploymentTest extends PageTestCase {

    private static JSONObject exported(WorkflowRun build) throws Exception {
        JSONArray actions = as("mallory")
                .getJSON(build.getUrl() + "api/json?tree=actions[deployments[*,approvals[*]]]")
                .getJSONObject()
                .getJSONArray("actions");
        for (Object action : actions) {
            if (((JSONObject) action).has("deployments")) {
                return ((JSONObject) action).getJSONArray("deployments").getJSONObject(0);
            }
        }
        throw new AssertionError("no deployments in " + actions);
    }

    @Test
    void theRemoteApiOfTheBuildTellsItsDeployments() throws Exception {
        WorkflowRun build = waiting("two");
        vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "fine");
        JSONObject blocked = exported(build);
        assertEquals(latest(build).id(), blocked.getLong("id"));
        assertEquals("two", blocked.getString("environment"));
        assertEquals("blocked", blocked.getString("status"));
        assertEquals(1, blocked.getInt("pendingApprovalCount"));
        JSONObject vote = blocked.getJSONArray("approvals").getJSONObject(0);
        assertEquals("bob", vote.getString("user"));
        assertEquals("approved", vote.getString("status"));
        assertEquals("fine", vote.getString("comment"));
        vote(build, latest(build).id(), "carol", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, build);
        assertEquals("deployment_rejected", exported(build).getString("failureReason"));
        assertEquals(0, exported(build).getInt("pendingApprovalCount"));
    }

    @Test
    void whoMayNotReadTheJobSeesNothing() throws Exception {
        WorkflowRun build = waiting("production");
        assertEquals(
                404,
                as("eve")
                        .goTo(build.getUrl() + "api/json", null)
                        .getWebResponse()
                        .getStatusCode());
        build.doStop();
    }
}
