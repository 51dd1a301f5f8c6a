package io.jenkins.plugins.deploymentgate.origin;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.cli.CLICommandInvoker;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.DeploymentEvents;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.util.Map;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The page, REST, the command line and the ledger say who requested a deployment, what is not known, and what is replayed. */
@WithJenkins
class ShownOriginTest {

    private static final String GATE = "deploymentGate 'production'";
    private static final String LOADING = """
        node { writeFile file: 'more.groovy', text: 'echo "loaded"'; load 'more.groovy' }
        """;

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        ProtectedEnvironment lenient = environment("production", 1, "bob");
        lenient.setAllowUnknownRequesters(true);
        protect(lenient);
    }

    private static WorkflowRun replay(WorkflowRun original, String script, Map<String, String> loaded)
            throws Exception {
        WorkflowJob job = original.getParent();
        int number = job.getNextBuildNumber();
        try (ACLContext ignored = World.actingAs("carol")) {
            original.getAction(ReplayAction.class).run2(script, loaded);
        }
        await().until(() -> job.getBuildByNumber(number) != null);
        WorkflowRun replayed = job.getBuildByNumber(number);
        awaitBlocked(j, replayed);
        return replayed;
    }

    private static WorkflowRun original(String script) throws Exception {
        WorkflowRun original = blocked(j, pipeline("shown-" + System.nanoTime(), script), "alice");
        approve(original, "bob");
        return ended(j, Result.SUCCESS, original);
    }

    private static RequestOrigin.Replay shownReplay(WorkflowRun build) throws Exception {
        return latest(build).request().origin().replay().orElseThrow();
    }

    private static RequestOrigin.Script script(WorkflowRun replayed) throws Exception {
        RequestOrigin.Replay replay = shownReplay(replayed);
        assertEquals(1, replay.original());
        assertEquals(replayed.getNumber(), replay.build());
        return replay.script();
    }

    private static void abort(WorkflowRun build) throws Exception {
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    private static String shown(WorkflowRun build, String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = String.valueOf(latest(build).id());
        System.arraycopy(options, 0, arguments, 1, options.length);
        CLICommandInvoker.Result result = new CLICommandInvoker(j, "deployment-gate-show")
                .asUser(User.getById("bob", true).getId())
                .invokeWithArgs(arguments);
        assertEquals(0, result.returnCode(), result.stderr());
        return result.stdout();
    }

    private static JsonNode json(WorkflowRun build) throws Exception {
        return new ObjectMapper().readTree(shown(build, "--json"));
    }

    private static HtmlPage page(WorkflowRun build) throws Exception {
        return World.browser(j, "bob").getPage(build, "deployment-gate/");
    }

    private static Map<String, String> told(WorkflowRun build) throws Exception {
        return DeploymentEvents.of(latest(build)).get(0).details();
    }

    @Test
    void aReplayWithAnotherScript() throws Exception {
        WorkflowRun replayed = replay(original(GATE), GATE + "\necho 'more'", Map.of());
        assertEquals(RequestOrigin.Script.CHANGED, script(replayed));
        HtmlPage page = page(replayed);
        assertThat(page.asNormalizedText(), containsString("Build 1 is replayed with a changed script."));
        assertThat(
                page.getWebResponse().getContentAsString(),
                containsString("href=\"/jenkins/" + replayed.getUrl() + "replay/diff\""));
        JsonNode json = json(replayed);
        assertEquals("changed", json.at("/origin/replay/script").asText());
        assertEquals(1, json.at("/origin/replay/original").asInt());
        assertEquals(
                j.getURL() + replayed.getUrl() + "replay/diff",
                json.at("/origin/replay/diff_url").asText());
        assertEquals("carol", json.at("/requesters/0/username").asText());
        assertEquals("alice", json.at("/requesters/1/username").asText());
        assertEquals(true, json.path("requesters_complete").asBoolean());
        assertThat(shown(replayed), containsString("replay\t#1\tscript changed"));
        assertEquals("1", told(replayed).get("replay_of"));
        assertEquals("changed", told(replayed).get("replayed_script"));
        assertEquals("carol, alice", told(replayed).get("requesters"));
        abort(replayed);
    }

    @Test
    void aReplayWithTheSameScript() throws Exception {
        WorkflowRun replayed = replay(original(GATE), GATE, Map.of());
        assertEquals(RequestOrigin.Script.SAME, script(replayed));
        assertThat(page(replayed).asNormalizedText(), containsString("Build 1 is replayed with the same script."));
        abort(replayed);
    }

    @Test
    void aReplayOfAReplayIsComparedWithTheFirstOriginal() throws Exception {
        WorkflowRun changed = replay(original(GATE), GATE + "\necho 'more'", Map.of());
        abort(changed);
        WorkflowRun again = replay(changed, GATE + "\necho 'more'", Map.of());
        assertEquals(RequestOrigin.Script.CHANGED, script(again));
        abort(again);
        WorkflowRun back = replay(again, GATE, Map.of());
        assertEquals(RequestOrigin.Script.SAME, script(back));
        abort(back);
    }

    @Test
    void aRestartOfAReplayIsComparedWithTheOriginalToo() throws Exception {
        String script = "pipeline { agent none; stages { stage('Deploy') { steps { deploymentGate 'production' } } } }";
        WorkflowRun changed = replay(original(script), script.replace("steps {", "steps { echo 'more';"), Map.of());
        approve(changed, "bob");
        ended(j, Result.SUCCESS, changed);
        try (ACLContext ignored = World.actingAs("alice")) {
            changed.getAction(RestartDeclarativePipelineAction.class).run("Deploy");
        }
        await().until(() -> changed.getParent().getBuildByNumber(3) != null);
        WorkflowRun restarted = changed.getParent().getBuildByNumber(3);
        awaitBlocked(j, restarted);
        assertEquals(new RequestOrigin.Replay(1, 2, RequestOrigin.Script.CHANGED), shownReplay(restarted));
        String link = "href=\"/jenkins/" + changed.getUrl() + "replay/diff\"";
        assertThat(page(restarted).getWebResponse().getContentAsString(), containsString(link));
        abort(restarted);
    }

    @Test
    void aReplayWithAnotherScriptThatItLoads() throws Exception {
        WorkflowRun original = original(LOADING + GATE);
        WorkflowRun changed = replay(original, LOADING + GATE, Map.of("Script1", "echo 'another'"));
        assertEquals(RequestOrigin.Script.CHANGED, script(changed));
        WorkflowRun same = replay(original, LOADING + GATE, Map.of("Script1", "echo \"loaded\""));
        assertEquals(RequestOrigin.Script.SAME, script(same));
        changed.doStop();
        same.doStop();
        ended(j, Result.ABORTED, changed);
        ended(j, Result.ABORTED, same);
    }

    @Test
    void aReplayThatMayStillLoadAnotherScript() throws Exception {
        WorkflowRun original = original(GATE + "\n" + LOADING);
        WorkflowRun replayed = replay(original, GATE + "\n" + LOADING, Map.of("Script1", "echo 'another'"));
        assertEquals(RequestOrigin.Script.UNKNOWN, script(replayed));
        assertThat(page(replayed).asNormalizedText(), containsString("it is not known whether with the same script"));
        abort(replayed);
    }

    @Test
    void aCauseOfWhichItIsNotKnownWhoIsBehindIt() throws Exception {
        WorkflowRun build = pipeline("shown-" + System.nanoTime(), GATE)
                .scheduleBuild2(
                        0,
                        new CauseAction(new Cause.UserIdCause("alice"), new Cause.RemoteCause("192.0.2.7", "<b>note")))
                .waitForStart();
        awaitBlocked(j, build);
        String cause = "RemoteCause: Started by remote host 192.0.2.7 with note: <b>note";
        String page = page(build).asNormalizedText();
        assertThat(page, containsString("alice, and maybe others"));
        assertThat(page, containsString("Not known who is behind this cause: " + cause));
        JsonNode json = json(build);
        assertEquals(false, json.path("requesters_complete").asBoolean(true));
        assertEquals(cause, json.at("/origin/unknown/0").asText());
        assertEquals(true, json.at("/origin/replay").isNull());
        assertThat(shown(build), containsString("unknown requester\t" + cause));
        assertEquals(cause, told(build).get("unknown_requesters"));
        abort(build);
    }

    @Test
    void automationAlone() throws Exception {
        WorkflowRun build = blocked(j, pipeline("shown-" + System.nanoTime(), GATE), null);
        String page = page(build).asNormalizedText();
        assertThat(page, containsString("Nobody (automation only)"));
        assertThat(page, not(containsString("Not known who")));
        JsonNode json = json(build);
        assertEquals(true, json.at("/origin/automated").asBoolean());
        assertEquals(0, json.path("requesters").size());
        assertEquals(true, json.path("requesters_complete").asBoolean());
        build.doStop();
        ended(j, Result.ABORTED, build);
    }
}
