package io.jenkins.plugins.deploymentgate.browser;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.withRules;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.config.GroupApprover;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts that want to break a page, in every field that somebody can fill. */
abstract class HostileTextCases extends BrowserCases {

    private static final int LONG = 10_000;

    /** A kind of text. */
    enum Text {
        WORD("W"),
        MARKUP("<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>&lt;${7*7}</textarea>"),
        SIGNS("🚀\u202e\u2066ابجد\u0301 \u00a0 'x' ");

        private final String seed;

        Text(String seed) {
            this.seed = seed;
        }

        /** A text of this kind, of so many characters at the most. */
        String of(int length) {
            String text = seed.repeat(length / seed.length());
            return text.isEmpty() ? seed.substring(0, length) : text;
        }

        /** One whose characters may stand in an address. */
        String ofAddress() {
            return switch (this) {
                case WORD -> "W".repeat(1900);
                case MARKUP -> "?a=%3Cscript%3Ealert(1)%22onerror=&b=%27&lt;";
                case SIGNS -> "%F0%9F%9A%80%E2%80%AE";
            };
        }

        /** One whose characters may stand in the name of a job. */
        String ofJob() {
            return switch (this) {
                case WORD -> "W".repeat(120);
                case MARKUP -> "it's (a) \"job\" onerror=x";
                case SIGNS -> "🚀 ابجد";
            };
        }

        /** One whose characters may stand in the name of an environment. */
        String ofEnvironment() {
            return switch (this) {
                case WORD -> "W".repeat(255);
                case MARKUP -> "script/alert.1_onerror-x";
                case SIGNS -> "ابجد é 漢字";
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Text.class)
    void noTextDoesHarm(Text text) throws Exception {
        String name = text.ofEnvironment();
        Folder folder = folder(null, text.ofJob());
        folder.setDisplayName(text.of(LONG));
        ProtectedEnvironment environment = withRules(
                name,
                rule(text.of(100), 1, new UserApprover("bob"), new UserApprover("carol")),
                rule("2 " + text.of(90), 1, new UserApprover("bob"), new GroupApprover(text.of(200))));
        environment.setInstructions(text.of(LONG));
        protectIn(folder, environment);
        WorkflowJob job = pipelineIn(
                folder,
                text.ofJob(),
                "deploymentGate environment: '" + name + "', version: params.TEXT.take(255), message: params.TEXT, "
                        + "url: 'https://example.com/" + text.ofAddress() + "'");
        job.setDisplayName(text.of(LONG));
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("TEXT", text.of(LONG - 100))));
        User.getById("bob", true).setFullName(text.of(LONG));
        WorkflowRun build = blocked(j, job, "alice");

        Visitor bob = visitor("bob");
        bob.atDeployments(build);
        assertHarmless(bob, text);
        bob.write("Comment", text.of(LONG));
        bob.press("Approve");
        assertEquals(
                text.of(LONG).strip(),
                latest(build).approvals().get(0).comment().strip());
        assertHarmless(bob, text);
        for (String list : List.of("deployments/", "deployments/blocked", "deployments/environments")) {
            bob.at(list);
            Layout.assertFits(bob.page(), text.name());
            bob.at(folder.getUrl() + list);
            Layout.assertFits(bob.page(), text.name());
        }
        String query = URLEncoder.encode(text.of(100), StandardCharsets.UTF_8);
        bob.at("deployments/history?job=" + query + "&environment=" + query + "&status=" + query + "&requester=" + query
                + "&approver=" + query + "&from=" + query + "&to=" + query);
        Layout.assertFits(bob.page(), text.name());

        Visitor root = visitor("root");
        root.atDeployments(build);
        root.open("Override the policy…");
        root.write("Reason (required)", text.of(LONG));
        root.press("Override and release");
        ended(j, Result.SUCCESS, build);
        root.atDeployments(build);
        assertHarmless(root, text);
        for (String address : List.of(
                "deployments/history",
                job.getUrl() + "deployments/history",
                folder.getUrl() + "protected-environments/",
                job.getUrl() + "protected-environments/",
                job.getUrl() + "deployments/policy?environment=" + URLEncoder.encode(name, StandardCharsets.UTF_8)
                        + "&user=" + query,
                build.getUrl() + "deployment-gate/" + latest(build).id() + "/changes",
                "manage/deployment-audit/?person=root",
                "manage/deployment-audit/?person=" + query + "&environment=" + query + "&job=" + query)) {
            root.at(address);
            Layout.assertFits(root.page(), text.name());
        }
        User.getById("bob", true).setFullName("Bob");
        folder.delete();
    }

    private static void assertHarmless(Visitor visitor, Text text) {
        Layout.assertFits(visitor.page(), text.name());
        assertThat(
                visitor.page().locator("#main-panel").textContent(),
                containsString(text.of(500).strip()));
    }
}
