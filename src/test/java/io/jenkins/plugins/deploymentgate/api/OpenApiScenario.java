package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.fasterxml.jackson.databind.JsonNode;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.tasks.UserAvatarResolver;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.OpenApiDocument.Operation;
import io.jenkins.plugins.deploymentgate.api.http.RequestBody;
import io.jenkins.plugins.deploymentgate.api.json.EnvironmentJson;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.impl.mock.MockSCMHead;
import jenkins.scm.impl.mock.MockSCMRevision;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * Asks the API for everything that its document names: each operation with success, with each of its errors, with each of
 * its parameters and fields.
 */
final class OpenApiScenario {

    private static final String SHOP = "/projects/team%2Fshop";
    private static final String PLAIN = "/projects/team%2Fplain";
    private static final String ALL = "/protected_environments";
    private static final String TURNS = "/projects/team%2Fturns";
    private static final String APPROVED = "{\"status\": \"approved\"}";

    /** The first builds are late, and the second is allowed to be older than the third. */
    private static final String LATE = """
        if (currentBuild.number < 3) { deploymentGate 'simple' }
        deploymentGate environment: 'line', allowOlder: currentBuild.number == 2
        if (currentBuild.number == 2) { deploymentGate 'simple' }
        """;

    private static final SCMHead MAIN = new MockSCMHead("main");

    /** One that says everything that can be said, by names. */
    private static final String EVERYTHING = """
        {"name": "everything", "required_approval_count": 1, "allow_self_approval": true,
         "prevent_author_approval": true, "require_comment": ["rejected", "approved"], "deadline_minutes": 90,
         "wait_minutes": 5, "allow_automated": false, "allow_unknown_requesters": true,
         "deploy_from": [{"branch": "main"}, {"tag": "v*"}, {"job": "*"}, {"pull_request": true}],
         "exclusive": true, "supersede": "on_release", "refuse_outdated": true, "instructions": "Look.",
         "approvers": [{"user": "carol"}, {"group": "ops"}, {"access_level": 60}],
         "deploy_access_levels": [{"access_level": 30}, {"user": "bob"}, {"group": "ops"}],
         "approval_rules": [{"access_level": 60, "required_approvals": 2}, {"group": "ops"}, {"user": "bob"},
           {"name": "Either", "approvers": [{"user": "carol"}, {"group": "ops"}]}]}\
        """;

    private final JenkinsRule j;
    private final OpenApiDocument document;
    private final OpenApiRecord record;
    private final Caller root;

    private final List<WorkflowRun> open = new ArrayList<>();
    private WorkflowRun waiting;

    OpenApiScenario(JenkinsRule j, OpenApiDocument document, OpenApiRecord record) throws Exception {
        this.j = j;
        this.document = document;
        this.record = record;
        this.root = ApiTestCase.as("root");
    }

    void run() throws Exception {
        for (String user : List.of("alice", "bob", "carol")) {
            User.getById(user, true);
        }
        // Pairs with the same number.
        for (String user : List.of("user-1e99c07", "user-9f07620")) {
            User.getById(user, true);
        }
        for (String job : List.of("job-622fedd", "job-a089ac6")) {
            j.createFreeStyleProject(job);
        }
        ExtensionList.lookup(UserAvatarResolver.class).add(new Faces());
        ExtensionList.lookup(SCMHead.HeadByItem.class).add(new Branches());
        Folder team = folder(null, "team");
        deploy(pipelineIn(team, "shop", """
            stage('Deploy') {
              parallel(eu: { parallel("Matrix - SIZE = 'S'": { deploymentGate 'production' }) })
            }
            """), pipelineIn(team, "plain", "deploymentGate 'simple'"));
        turns(pipelineIn(team, "turns", LATE), pipelineIn(team, "held", "deploymentGate 'patient'"));
        read();
        protect("");
        protect("/groups/team");
        protect(SHOP);
        votes();
        for (Operation operation : document.operations()) {
            errors(operation);
        }
        unreadable();
        others();
        waiting.doStop();
        j.waitForCompletion(waiting);
        for (WorkflowRun build : open) {
            build.doStop();
            j.waitForCompletion(build);
        }
    }

    private Answer ask(Caller caller, String verb, String path, String body) throws Exception {
        return record.send(caller, verb, path, body == null ? null : Caller.JSON, body);
    }

    private void deploy(WorkflowJob shop, WorkflowJob plain) throws Exception {
        ask(root, "POST", ALL, """
            {"name": "production", "deadline_minutes": 60, "approval_rules": [{"user": "bob"}, {"group": "ops"},
              {"access_level": 30}, {"name": "Either", "approvers": [{"user": "carol"}, {"user": "dave"}]}]}\
            """);
        ask(
                root,
                "POST",
                ALL,
                "{\"name\": \"simple\", \"required_approval_count\": 1, \"approvers\": [{\"user\": \"bob\"}]}");
        shop.setDescription("Sells things.");
        WorkflowRun good = blocked(shop, "ghost");
        good.addAction(new SCMRevisionAction(new MockSCMRevision(MAIN, "0123456789".repeat(4))));
        ask(ApiTestCase.as("bob"), "POST", approval(SHOP, good), "{\"status\": \"approved\", \"comment\": \"Good.\"}");
        String form = "status=approved&comment=&represented_as=Developers";
        record.send(ApiTestCase.as("alice"), "POST", approval(SHOP, good), Caller.FORM, form);
        try (ACLContext ignored = ACL.as2(User.getById("root", true).impersonate2())) {
            ApprovalService.get().override(good, latest(good).id(), VoteDecision.APPROVED, "It burns.");
        }
        ended(j, Result.SUCCESS, good);
        WorkflowRun bad = blocked(plain, null);
        String no = "{\"status\": \"rejected\", \"comment\": \"No.\", \"represented_as\": \"bob\"}";
        ask(ApiTestCase.as("bob"), "POST", approval(PLAIN, bad), no);
        ended(j, Result.FAILURE, bad);
        WorkflowRun replay = replay(bad);
        ask(ApiTestCase.as("bob"), "POST", approval(PLAIN, replay), no);
        ended(j, Result.FAILURE, replay);
        WorkflowRun aborted = blocked(plain, "alice");
        try (ACLContext ignored = ACL.as2(User.getById("root", true).impersonate2())) {
            aborted.doStop();
        }
        ended(j, Result.ABORTED, aborted);
        waiting = blocked(plain, "alice");
    }

    /** One build is outdated, one is a rollback and runs, one waits for that, and one is held. */
    private void turns(WorkflowJob job, WorkflowJob held) throws Exception {
        ask(root, "POST", ALL, """
            {"name": "line", "required_approval_count": 0, "exclusive": true, "refuse_outdated": true}\
            """);
        ask(root, "POST", ALL, "{\"name\": \"patient\", \"required_approval_count\": 0, \"wait_minutes\": 5}");
        WorkflowRun old = blocked(job, "alice");
        WorkflowRun rollback = blocked(job, "alice");
        ended(j, Result.SUCCESS, start(job, "alice"));
        ask(ApiTestCase.as("bob"), "POST", approval(TURNS, old), APPROVED);
        ended(j, Result.ABORTED, old);
        ask(ApiTestCase.as("bob"), "POST", approval(TURNS, rollback), APPROVED);
        await().until(() -> DeploymentViews.get().ids(rollback).size() == 3);
        WorkflowRun next = start(job, "alice");
        j.waitForMessage("waits for its turn", next);
        WorkflowRun patient = start(held, "alice");
        j.waitForMessage("The build goes on at", patient);
        open.addAll(List.of(patient, next, rollback));
    }

    private WorkflowRun blocked(WorkflowJob job, String requester) throws Exception {
        WorkflowRun build = start(job, requester);
        awaitBlocked(j, build);
        return build;
    }

    private WorkflowRun replay(WorkflowRun build) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById("alice", true).impersonate2())) {
            ReplayAction action = build.getAction(ReplayAction.class);
            WorkflowRun replay = (WorkflowRun) action.run2(action.getOriginalScript(), Map.of())
                    .getFuture()
                    .waitForStart();
            awaitBlocked(j, replay);
            return replay;
        }
    }

    private static String approval(String project, Run<?, ?> build) throws Exception {
        return project + "/deployments/" + latest(build).id() + "/approval";
    }

    private void read() throws Exception {
        for (String path : List.of("/version", "/metadata", "/user", "/users/" + UserJson.number("bob"))) {
            get(path);
        }
        get("/users?username=bob&page=1&per_page=5");
        for (String project : List.of(SHOP, PLAIN, TURNS, "/projects/team%2Fheld")) {
            get(project);
            JsonNode environments = get(project + "/environments?name=&search=p&states=available&page=1&per_page=1");
            get(project + "/environments/" + environments.at("/0/id").asLong());
            JsonNode all = get(project + "/deployments?environment=&status=&updated_after=2020-01-01"
                    + "&updated_before=2999-01-01T00:00:00Z&finished_after=&finished_before=&order_by=id&sort=desc"
                    + "&page=1&per_page=50");
            get(project + "/deployments?pagination=keyset&cursor=0:0&per_page=1");
            for (JsonNode one : all) {
                get(project + "/deployments/" + one.path("id"));
            }
        }
    }

    /** HEAD is what GET is, without a body. */
    private JsonNode get(String path) throws Exception {
        Answer answer = ask(root, "GET", path, null);
        Answer head = root.call("HEAD", path, null, null);
        if (answer.status() != 200 || head.status() != 200 || !head.text().isEmpty()) {
            throw new AssertionError(path + " was answered " + answer.status() + " " + head.status());
        }
        return answer.json();
    }

    private void protect(String prefix) throws Exception {
        String all = prefix + ALL;
        JsonNode made = ask(root, "POST", all, EVERYTHING).json();
        String one = all + "/everything";
        ask(root, "POST", all, EVERYTHING);
        ask(root, "PUT", one, byNumber(made));
        String form = "name=form&required_approval_count=1&allow_self_approval=true&prevent_author_approval=false"
                + "&deadline_minutes=5&wait_minutes=1&allow_automated=true&allow_unknown_requesters=false&exclusive=true"
                + "&supersede=on_arrival&refuse_outdated=false&instructions=";
        record.send(root, "POST", all, Caller.FORM, form);
        record.send(root, "PUT", all + "/form", Caller.FORM, form);
        ask(root, "PUT", all + "/form", EVERYTHING);
        get(all + "?page=1&per_page=10");
        get(one);
        ask(root, "POST", all, "{\"name\": \"a?b\"}");
        ask(root, "PUT", one, "{\"required_approval_count\": -1}");
        ask(root, "DELETE", one, null);
        ask(root, "DELETE", all + "/form", null);
        ask(root, "POST", all, "{\"name\": \"everything\"}");
    }

    /** A change that says by numbers what was said by names, and removes what it can. */
    private static String byNumber(JsonNode made) {
        JsonNode levels = made.path("deploy_access_levels");
        JsonNode rules = made.path("approval_rules");
        long user = levels.at("/1/user_id").asLong();
        long group = levels.at("/2/group_id").asLong();
        return """
            {"approvers": [{"user_id": %d}, {"group_id": %d}],
             "deploy_access_levels": [{"id": %s, "_destroy": true}, {"id": %s, "user_id": %1$d},
               {"id": %s, "group_id": %2$d}],
             "approval_rules": [{"id": %s, "_destroy": true}, {"id": %s, "group_id": %2$d},
               {"id": %s, "user_id": %1$d}]}\
            """.formatted(
                        user,
                        group,
                        levels.at("/0/id"),
                        levels.at("/1/id"),
                        levels.at("/2/id"),
                        rules.at("/0/id"),
                        rules.at("/1/id"),
                        rules.at("/2/id"));
    }

    private void votes() throws Exception {
        String path = approval(PLAIN, waiting);
        ask(ApiTestCase.as("mallory"), "POST", path, "{\"status\": \"approved\"}");
        WorkflowRun decided = waiting.getParent().getBuildByNumber(1);
        ask(ApiTestCase.as("bob"), "POST", approval(PLAIN, decided), "{\"status\": \"approved\"}");
    }

    /** A path that leads somewhere. */
    private String example(Operation operation) throws Exception {
        String path = operation.path().replace("/groups/{id}", "/groups/team");
        return path.replace("/users/{id}", "/users/" + UserJson.number("bob"))
                .replace("/projects/{id}", path.contains(ALL) ? SHOP : PLAIN)
                .replace("{deployment_id}", String.valueOf(latest(waiting).id()))
                .replace("{environment_id}", String.valueOf(EnvironmentJson.number(waiting.getParent(), "simple")))
                .replace("{name}", "everything");
    }

    private void errors(Operation operation) throws Exception {
        String verb = operation.verb();
        String path = example(operation);
        ask(root, verb, path + "?x=%ff", null);
        ask(ApiTestCase.nobody().with("PRIVATE-TOKEN", "root:wrong"), verb, path, null);
        if (operation.path().contains("{")) {
            ask(root, verb, operation.path().replaceAll("\\{[^}]*}", "none"), null);
        }
        if (operation.path().startsWith("/users/{id}")) {
            ask(root, verb, "/users/2193973188039488", null);
        } else if (operation.path().startsWith("/projects/{id}")) {
            ask(root, verb, path.replaceFirst("/projects/[^/]*", "/projects/4581496687018210"), null);
        }
        if (verb.equals("POST") || verb.equals("PUT")) {
            ask(root, verb, path, "{\"comment\": \"" + "x".repeat(RequestBody.MAX_BYTES) + "\"}");
            record.send(root, verb, path, "text/plain", "{}");
        }
        AuthorizationStrategy before = j.jenkins.getAuthorizationStrategy();
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy());
        try {
            ask(ApiTestCase.as("eve"), verb, path, null);
        } finally {
            j.jenkins.setAuthorizationStrategy(before);
        }
    }

    private void unreadable() throws Exception {
        Path folder = folder(null, "broken").getRootDir().toPath();
        Path job = pipelineIn(j.jenkins.getItemByFullName("team", Folder.class), "broken", "")
                .getRootDir()
                .toPath();
        Files.writeString(folder.resolve("protected-environments.xml"), "<damaged");
        Files.writeString(job.resolve("protected-environments.xml"), "<damaged");
        DeploymentGateConfiguration configuration = DeploymentGateConfiguration.get();
        Path file = j.jenkins.getRootDir().toPath().resolve(configuration.getId() + ".xml");
        String good = Files.readString(file);
        Files.writeString(file, "<damaged");
        configuration.load();
        try {
            for (String prefix : List.of("", "/groups/broken", "/projects/team%2Fbroken")) {
                ask(root, "GET", prefix + ALL, null);
                ask(root, "POST", prefix + ALL, "{\"name\": \"x\"}");
                ask(root, "GET", prefix + ALL + "/x", null);
                ask(root, "PUT", prefix + ALL + "/x", "{}");
                ask(root, "DELETE", prefix + ALL + "/x", null);
            }
        } finally {
            Files.writeString(file, good);
            configuration.load();
        }
    }

    /** What any address may answer. */
    private void others() throws Exception {
        for (Operation operation : document.operations()) {
            Answer answer = root.call("PATCH", example(operation), null, null);
            record.compare(operation, answer);
            Set<String> allowed = Set.of(answer.header("Allow").split(", "));
            if (!allowed.contains(operation.verb()) || allowed.contains("HEAD") != allowed.contains("GET")) {
                throw new AssertionError(operation + " is not among " + allowed);
            }
        }
        Ledger.fail();
        try {
            ask(ApiTestCase.as("bob"), "POST", approval(PLAIN, waiting), "{\"status\": \"approved\"}");
        } finally {
            Ledger.heal();
        }
        ExtensionList<SCMHead.HeadByItem> heads = ExtensionList.lookup(SCMHead.HeadByItem.class);
        SCMHead.HeadByItem broken = new Branches() {
            @Override
            public SCMHead getHead(Item item) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        heads.add(broken);
        ask(root, "GET", PLAIN + "/deployments", null);
        heads.remove(broken);
        Field level = Jenkins.class.getDeclaredField("initLevel");
        level.setAccessible(true);
        level.set(j.jenkins, InitMilestone.JOB_LOADED);
        try {
            ask(root, "GET", "/version", null);
        } finally {
            level.set(j.jenkins, InitMilestone.COMPLETED);
        }
    }

    /** Everybody has a picture, except those whom Jenkins does not know. */
    private static final class Faces extends UserAvatarResolver {

        @Override
        public String findAvatarFor(User user, int width, int height) {
            return user.getId().equals("alice") ? null : "https://faces.example.com/" + user.getId();
        }
    }

    /** The shop is on a branch, as in a multibranch project. */
    private static class Branches extends SCMHead.HeadByItem {

        @Override
        public SCMHead getHead(Item item) {
            return item.getFullName().equals("team/shop") ? MAIN : null;
        }
    }
}
