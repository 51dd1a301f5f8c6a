package io.jenkins.plugins.deploymentgate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.triggers.TimerTrigger.TimerTriggerCause;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.ApprovalRuleConfig;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The people, environments and pipelines that tests speak of. */
public final class World {

    private World() {}

    /**
     * Alice builds, Bob and Carol and Dave read, Mallory reads too but approves nothing, Eve sees nothing, Root is the
     * administrator.
     */
    public static void people(JenkinsRule j) {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root")
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .everywhere()
                .to("alice", "bob", "carol", "dave", "mallory")
                .grant(Item.BUILD, Item.CANCEL, Item.CONFIGURE)
                .everywhere()
                .to("alice"));
    }

    /** Adds a protected environment. */
    public static ProtectedEnvironment protect(String name, int required, String... users) {
        ProtectedEnvironment environment = environment(name, required, users);
        protect(environment);
        return environment;
    }

    /** A protected environment that is not in force yet. */
    public static ProtectedEnvironment environment(String name, int required, String... users) {
        ProtectedEnvironment environment = new ProtectedEnvironment(name);
        environment.setRequiredApprovals(required);
        environment.setApprovers(
                Stream.of(users).<ApproverConfig>map(UserApprover::new).toList());
        return environment;
    }

    /** Puts these environments in force in a folder or a job, in the place of all that were. */
    public static void protectIn(Item scope, ProtectedEnvironment... environments) {
        ItemScope.of(scope).setEnvironments(List.of(environments));
    }

    /** Adds a protected environment, or puts it in the place of the one with its name. */
    public static void protect(ProtectedEnvironment environment) {
        DeploymentGateConfiguration configuration = DeploymentGateConfiguration.get();
        List<ProtectedEnvironment> environments = new ArrayList<>(configuration.getEnvironments());
        environments.removeIf(existing -> existing.getName().equals(environment.getName()));
        environments.add(environment);
        configuration.setEnvironments(environments);
    }

    /** An environment that has nothing but rules; it is not in force yet. */
    public static ProtectedEnvironment withRules(String name, ApprovalRuleConfig... rules) {
        ProtectedEnvironment environment = new ProtectedEnvironment(name);
        environment.setApprovalRules(List.of(rules));
        return environment;
    }

    /** A rule. */
    public static ApprovalRuleConfig rule(String name, int required, ApproverConfig... approvers) {
        ApprovalRuleConfig rule = new ApprovalRuleConfig(name);
        rule.setRequiredApprovals(required);
        rule.setApprovers(List.of(approvers));
        return rule;
    }

    /** Makes a folder in another, or at the top if that is null. */
    public static Folder folder(Folder parent, String name) throws Exception {
        return parent == null
                ? Jenkins.get().createProject(Folder.class, name)
                : parent.createProject(Folder.class, name);
    }

    /** Makes a pipeline job in a folder. */
    public static WorkflowJob pipelineIn(Folder folder, String name, String script) throws Exception {
        WorkflowJob job = folder.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Makes a pipeline job whose script runs in the sandbox. */
    public static WorkflowJob pipeline(String name, String script) throws Exception {
        WorkflowJob job = Jenkins.get().createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Starts a build as if this user had pressed the button; as if a timer had, if null. */
    public static WorkflowRun start(WorkflowJob job, String requester) throws Exception {
        Cause cause = requester == null ? new TimerTriggerCause() : new Cause.UserIdCause(requester);
        return job.scheduleBuild2(0, new CauseAction(cause)).waitForStart();
    }

    /** Starts a build and waits until it is blocked. */
    public static WorkflowRun blocked(JenkinsRule j, WorkflowJob job, String requester) throws Exception {
        WorkflowRun build = start(job, requester);
        awaitBlocked(j, build);
        return build;
    }

    /** Waits until the console says that the build is blocked. */
    public static void awaitBlocked(JenkinsRule j, WorkflowRun build) throws Exception {
        j.waitForMessage("is blocked until it has", build);
    }

    /** A browser in which somebody is logged in and no scripts run: those of Jenkins take most of the time of a page. */
    public static JenkinsRule.WebClient browser(JenkinsRule j, String user) throws Exception {
        JenkinsRule.WebClient browser = j.createWebClient();
        browser.getOptions().setJavaScriptEnabled(false);
        return browser.login(user);
    }

    /** The latest deployment of a build, as it is on disk. */
    public static Deployment latest(Run<?, ?> build) throws IOException {
        List<Long> ids = DeploymentViews.get().ids(build);
        return deployment(build, ids.get(ids.size() - 1));
    }

    /** A deployment of a build, as it is on disk. */
    public static Deployment deployment(Run<?, ?> build, long id) throws IOException {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return DeploymentViews.get().view(build, id).orElseThrow().deployment();
        }
    }

    /** Logs a user in on this thread until the result is closed. */
    public static ACLContext actingAs(String user) {
        return ACL.as2(User.getById(user, true).impersonate2());
    }

    /** Votes without a page. */
    public static VoteResult vote(Run<?, ?> build, long id, String user, VoteDecision decision, String comment)
            throws IOException {
        try (ACLContext ignored = actingAs(user)) {
            return ApprovalService.get().vote(build, id, decision, comment, Optional.empty());
        }
    }

    /** Approves the latest deployment of a build, and expects that to be recorded. */
    public static void approve(Run<?, ?> build, String user) throws IOException {
        VoteResult result = vote(build, latest(build).id(), user, VoteDecision.APPROVED, "");
        assertEquals(VoteResult.Recorded.class, result.getClass(), result.toString());
    }

    /** Waits for the end of a build. */
    public static WorkflowRun ended(JenkinsRule j, Result result, WorkflowRun build) throws Exception {
        return j.assertBuildStatus(result, j.waitForCompletion(build));
    }
}
