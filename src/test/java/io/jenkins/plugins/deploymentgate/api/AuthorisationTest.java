package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.json.EnvironmentJson;
import io.jenkins.plugins.deploymentgate.api.json.ItemNumbers;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Every address and verb, for everybody, in every way to say who one is. */
class AuthorisationTest extends ApiTestCase {

    private static WorkflowRun build;

    /**
     * Nobody, one without Job/Read, a reader, the requester who may build and configure, a builder, an approver, one who
     * manages the folder, the administrator.
     */
    private static final List<String> PEOPLE =
            Arrays.asList(null, "eve", "mallory", "alice", "dave", "bob", "mona", "root");

    /** What is asked for, and the status that each of the people gets if they are believed to be who they are. */
    private enum Request {
        VERSION("GET", "/version", 200, 200, 200, 200, 200, 200, 200, 200),
        METADATA("GET", "/metadata", 200, 200, 200, 200, 200, 200, 200, 200),
        USER("GET", "/user", 401, 200, 200, 200, 200, 200, 200, 200),
        USERS("GET", "/users", 401, 403, 403, 403, 403, 403, 403, 200),
        USERS_OF_A_NAME("GET", "/users?username=bob", 200, 200, 200, 200, 200, 200, 200, 200),
        ONE_USER("GET", "/users/{user}", 200, 200, 200, 200, 200, 200, 200, 200),
        PROJECT("GET", "/projects/team%2Fsecret", 401, 404, 200, 200, 200, 200, 200, 200),
        NUMBER("GET", "/projects/{project}", 401, 404, 200, 200, 200, 200, 200, 200),
        NO_PROJECT("GET", "/projects/none", 401, 404, 404, 404, 404, 404, 404, 404),
        ENVIRONMENTS("GET", "/projects/team%2Fsecret/environments", 401, 404, 200, 200, 200, 200, 200, 200),
        ENVIRONMENT(
                "GET", "/projects/team%2Fsecret/environments/{environment}", 401, 404, 200, 200, 200, 200, 200, 200),
        DEPLOYMENTS("GET", "/projects/team%2Fsecret/deployments", 401, 404, 200, 200, 200, 200, 200, 200),
        DEPLOYMENT("GET", "/projects/team%2Fsecret/deployments/{deployment}", 401, 404, 200, 200, 200, 200, 200, 200),
        NO_DEPLOYMENT("GET", "/projects/team%2Fsecret/deployments/1", 401, 404, 404, 404, 404, 404, 404, 404),
        /** The approver's vote lacks the comment that is demanded, so that the next in the table finds the same. */
        VOTE(
                "POST",
                "/projects/team%2Fsecret/deployments/{deployment}/approval",
                401,
                404,
                403,
                403,
                403,
                400,
                403,
                403),
        PROTECTED("GET", "/protected_environments", 401, 403, 403, 403, 403, 403, 403, 200),
        ONE_PROTECTED("GET", "/protected_environments/production", 401, 403, 403, 403, 403, 403, 403, 200),
        /** What the administrator sends makes no sense, which is found out after the permission. */
        PROTECT("POST", "/protected_environments", 401, 403, 403, 403, 403, 403, 403, 400),
        CHANGE("PUT", "/protected_environments/none", 401, 403, 403, 403, 403, 403, 403, 404),
        UNPROTECT("DELETE", "/protected_environments/none", 401, 403, 403, 403, 403, 403, 403, 404),
        GROUP_PROTECTED("GET", "/groups/team/protected_environments", 401, 404, 403, 200, 403, 403, 200, 200),
        GROUP_ONE_PROTECTED("GET", "/groups/team/protected_environments/none", 401, 404, 403, 404, 403, 403, 404, 404),
        GROUP_PROTECT("POST", "/groups/team/protected_environments", 401, 404, 403, 403, 403, 403, 400, 400),
        GROUP_CHANGE("PUT", "/groups/team/protected_environments/none", 401, 404, 403, 403, 403, 403, 404, 404),
        GROUP_UNPROTECT("DELETE", "/groups/team/protected_environments/none", 401, 404, 403, 403, 403, 403, 404, 404),
        JOB_PROTECTED("GET", "/projects/team%2Fsecret/protected_environments", 401, 404, 403, 200, 403, 403, 200, 200),
        JOB_ONE_PROTECTED(
                "GET", "/projects/team%2Fsecret/protected_environments/none", 401, 404, 403, 404, 403, 403, 404, 404),
        JOB_PROTECT("POST", "/projects/team%2Fsecret/protected_environments", 401, 404, 403, 403, 403, 403, 400, 400),
        JOB_CHANGE(
                "PUT", "/projects/team%2Fsecret/protected_environments/none", 401, 404, 403, 403, 403, 403, 404, 404),
        JOB_UNPROTECT(
                "DELETE",
                "/projects/team%2Fsecret/protected_environments/none",
                401,
                404,
                403,
                403,
                403,
                403,
                404,
                404);

        private final String verb;
        private final String template;
        private final int[] statuses;

        Request(String verb, String template, int... statuses) {
            this.verb = verb;
            this.template = template;
            this.statuses = statuses;
        }

        boolean changes() {
            return !verb.equals("GET");
        }

        Answer send(Caller caller) throws Exception {
            String path = template.replace("{user}", String.valueOf(UserJson.number("bob")))
                    .replace("{project}", String.valueOf(ItemNumbers.of(build.getParent())))
                    .replace("{environment}", String.valueOf(EnvironmentJson.number(build.getParent(), "production")))
                    .replace("{deployment}", String.valueOf(latest(build).id()));
            return caller.call(verb, path, Caller.JSON, changes() ? "{\"status\": \"approved\"}" : null);
        }
    }

    @BeforeAll
    static void deploy() throws Exception {
        ProtectedEnvironment production = protect("production", 1, "bob");
        production.setCommentToApprove(true);
        DeploymentGateConfiguration.get().setEnvironments(List.of(production));
        PEOPLE.stream().skip(1).forEach(user -> User.getById(user, true));
        Folder team = folder(null, "team");
        j.jenkins.setAuthorizationStrategy(((MockAuthorizationStrategy) j.jenkins.getAuthorizationStrategy())
                .grant(Item.READ)
                .everywhere()
                .to("mona")
                .grant(Item.BUILD)
                .everywhere()
                .to("dave")
                .grant(DeploymentPermissions.MANAGE)
                .onFolders(team)
                .to("mona"));
        build = blocked(j, pipelineIn(team, "secret", "deploymentGate 'production'"), "alice");
    }

    @ParameterizedTest
    @EnumSource
    void everybodyGetsWhatIsTheirs(Request request) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < PEOPLE.size(); i++) {
            String user = PEOPLE.get(i);
            int expected = request.statuses[i];
            if (user == null) {
                compare(wrong, "nobody", expected, request.send(nobody()));
                compare(wrong, "nobody with a crumb", expected, request.send(nobody().crumb()));
                continue;
            }
            Caller session = nobody().login(user);
            compare(wrong, user + " by session", request.changes() ? 403 : expected, request.send(session));
            compare(wrong, user + " by session and crumb", expected, request.send(session.crumb()));
            Caller basic = nobody().basic(user, token(user));
            compare(wrong, user + " by Basic", expected, request.send(basic));
            compare(wrong, user + " by token", expected, request.send(as(user)));
            Caller foreign = nobody().login(user.equals("root") ? "eve" : "root");
            Caller both = foreign.with("PRIVATE-TOKEN", user + ":" + token(user));
            compare(wrong, user + " by token beside another session", expected, request.send(both));
            Caller forged = foreign.crumb().with("PRIVATE-TOKEN", user + ":wrong");
            compare(wrong, user + " by a wrong token beside another session", 401, request.send(forged));
            compare(wrong, user + " by a wrong password", 401, request.send(nobody().basic(user, "wrong")));
        }
        assertEquals(List.of(), wrong);
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(1, DeploymentGateConfiguration.get().getEnvironments().size());
    }

    private static void compare(List<String> wrong, String who, int expected, Answer answer) {
        if (answer.status() != expected || !answer.json().isContainerNode()) {
            wrong.add(who + ": " + answer.status() + " " + answer.text() + " and not " + expected);
        }
    }
}
