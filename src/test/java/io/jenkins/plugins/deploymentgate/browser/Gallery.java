package io.jenkins.plugins.deploymentgate.browser;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static io.jenkins.plugins.deploymentgate.World.withRules;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.changes.GitRepository;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** A shop that deploys, with something to see on each page. */
final class Gallery {

    private static final String ALICE = "Alice <alice@example.com>";
    private static final String DAVE = "Dave <dave@example.com>";
    private static final String SCRIPT = """
        deploymentGate environment: '%s', version: '%s', url: 'https://example.com/releases/%2$s',
            message: 'Faster checkout, and the new price list.'
        """;

    private final JenkinsRule j;
    private final WorkflowJob web;
    private final WorkflowRun waiting;
    private final WorkflowRun rejected;

    /** A page, and who looks at it. */
    record Exhibit(String name, String user, String address) {

        @Override
        public String toString() {
            return name;
        }
    }

    Gallery(JenkinsRule j) throws Exception {
        this.j = j;
        for (Map.Entry<String, String> name : Map.of("alice", "Alice", "bob", "Bob", "carol", "Carol", "dave", "Dave")
                .entrySet()) {
            User.getById(name.getKey(), true).setFullName(name.getValue());
        }
        Folder shop = folder(null, "shop");
        protectIn(shop, production(), staging());
        GitRepository repository = new GitRepository(j.jenkins.getRootDir().toPath()).commit(ALICE);
        web = pipelineIn(shop, "web", deploying("1.4.1", repository));
        WorkflowRun done = blocked(j, web, "alice");
        approve(done, "bob");
        approve(done, "carol");
        ended(j, Result.SUCCESS, done);
        rejected = blocked(j, web, "alice");
        vote(rejected, latest(rejected).id(), "carol", VoteDecision.REJECTED, "The price list is last year's.");
        ended(j, Result.FAILURE, rejected);
        repository
                .commit(ALICE, ALICE, "Ask for the address once, and not in each step of the checkout")
                .commit(DAVE, DAVE, "Show the prices of December");
        web.setDefinition(new CpsFlowDefinition(deploying("1.4.2", repository), true));
        waiting = blocked(j, web, "alice");
        vote(waiting, latest(waiting).id(), "carol", VoteDecision.APPROVED, "Load test is green.");
        blocked(j, pipelineIn(shop, "search", SCRIPT.formatted("shop-staging", "2.0.0")), "alice");
    }

    private static String deploying(String version, GitRepository repository) {
        return "node { %s }%n%s".formatted(repository.checkout(), SCRIPT.formatted("shop-production", version));
    }

    private static ProtectedEnvironment production() {
        ProtectedEnvironment production = withRules(
                "shop-production",
                rule("Quality", 1, new UserApprover("carol"), new UserApprover("dave")),
                rule("Operations", 1, new UserApprover("bob"), new UserApprover("dave")));
        production.setInstructions(
                "Check the error rate of the shop before you approve.\nAfter 16:00, ask the person on call.");
        production.setDeadlineMinutes(24 * 60);
        production.setCommentToReject(true);
        return production;
    }

    private static ProtectedEnvironment staging() {
        return environment("shop-staging", 1, "bob", "dave");
    }

    List<Exhibit> exhibits() throws Exception {
        return List.of(
                new Exhibit("approval-page", "bob", waiting.getUrl() + "deployment-gate/"),
                new Exhibit("override", "root", waiting.getUrl() + "deployment-gate/"),
                new Exhibit(
                        "changes",
                        "bob",
                        waiting.getUrl() + "deployment-gate/" + latest(waiting).id() + "/changes"),
                new Exhibit("rejected", "bob", rejected.getUrl() + "deployment-gate/"),
                new Exhibit("waiting-for-me", "bob", "deployments/"),
                new Exhibit("nothing-waits", "mallory", "deployments/"),
                new Exhibit("all-blocked", "bob", "deployments/blocked"),
                new Exhibit("environments", "bob", "deployments/environments"),
                new Exhibit("history", "bob", "deployments/history"),
                new Exhibit("policy", "root", web.getUrl() + "deployments/policy?environment=shop-production&user=bob"),
                new Exhibit("deployments-of-a-job", "bob", web.getUrl() + "deployments/"),
                new Exhibit("history-of-a-folder", "bob", web.getParent().getUrl() + "deployments/history"),
                new Exhibit("protected-environments", "root", "manage/protected-environments/"),
                new Exhibit("protected-in-a-folder", "root", web.getParent().getUrl() + "protected-environments/"),
                new Exhibit("audit", "root", "manage/deployment-audit/"));
    }
}
