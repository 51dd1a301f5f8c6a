package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.withRules;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import jenkins.branch.BranchSource;
import jenkins.model.Jenkins;
import jenkins.scm.impl.mock.MockSCMController;
import jenkins.scm.impl.mock.MockSCMDiscoverBranches;
import jenkins.scm.impl.mock.MockSCMSource;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What the scopes around a job demand together: never less than any of them. */
@WithJenkins
class ScopePolicyTest {

    private static JenkinsRule j;

    private Folder team;
    private Folder shop;
    private WorkflowJob deploy;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
    }

    @BeforeEach
    void makeFolders() throws Exception {
        DeploymentGateConfiguration.get().setEnvironments(List.of());
        team = folder(null, "team-" + System.nanoTime());
        shop = folder(team, "shop");
        deploy = pipelineIn(shop, "deploy", "deploymentGate 'production'");
    }

    private static EnvironmentPolicy policy(Item job, String environment) throws Exception {
        return Protection.of(job).policyFor(environment).orElseThrow();
    }

    private static List<String> ruleNames(EnvironmentPolicy policy) {
        return policy.rules().stream().map(ApprovalRule::name).toList();
    }

    @Test
    void allScopesAroundAJobApplyTogether() throws Exception {
        ProtectedEnvironment everywhere = environment("production", 1, "bob", "carol");
        everywhere.setAllowSelfApproval(true);
        protect(everywhere);
        ProtectedEnvironment inTeam = withRules("prod*", rule("Security", 2));
        inTeam.setAllowSelfApproval(true);
        inTeam.setInstructions("Look at the dashboard");
        protectIn(team, inTeam);
        ProtectedEnvironment inShop = environment("production", 1, "dave");
        inShop.setCommentToReject(true);
        protectIn(shop, inShop);
        ProtectedEnvironment inJob = environment("production", 0);
        inJob.setAllowSelfApproval(true);
        inJob.setCommentToApprove(true);
        protectIn(deploy, inJob);

        EnvironmentPolicy policy = policy(deploy, "production");
        assertEquals(
                List.of(
                        "production",
                        team.getName() + ":prod*",
                        team.getName() + ":prod*: Security",
                        team.getName() + "/shop:production",
                        team.getName() + "/shop/deploy:production"),
                ruleNames(policy));
        assertEquals(4, policy.requiredApprovals());
        assertFalse(policy.separation().selfApprovalAllowed(), "one scope does not allow it");
        assertEquals(Set.of(VoteDecision.APPROVED, VoteDecision.REJECTED), policy.commentRequired());
        assertEquals(List.of("Look at the dashboard"), policy.instructions());

        assertEquals(3, policy(team, "production").requiredApprovals());
        assertTrue(policy(team, "production").separation().selfApprovalAllowed());
        assertEquals(
                1,
                policy(folder(null, "other-" + System.nanoTime()), "production").requiredApprovals());
        assertEquals(
                1, Protection.of(null).policyFor("production").orElseThrow().requiredApprovals());
        assertEquals(
                List.of("production", "prod*"), Protection.of(deploy).names(), "a name in several scopes is one name");
    }

    @Test
    void aBuildNeedsTheApprovalsOfEveryScope() throws Exception {
        protect("production", 1, "bob", "carol");
        protectIn(team, environment("production", 1, "carol", "dave"));
        WorkflowRun build = blocked(j, deploy, "alice");
        approve(build, "bob");
        assertEquals(Status.BLOCKED, latest(build).status());
        approve(build, "dave");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aFolderMakesItsOwnEnvironmentsKnownToItsJobsOnly() throws Exception {
        protect("production", 1, "bob");
        protectIn(team, environment("team-test", 0));
        WorkflowJob inside = pipelineIn(team, "inside", "deploymentGate 'team-test'");
        ended(j, Result.SUCCESS, start(inside, "alice"));
        Folder other = folder(null, "other-" + System.nanoTime());
        WorkflowRun outside = start(pipelineIn(other, "outside", "deploymentGate 'team-test'"), "alice");
        ended(j, Result.FAILURE, outside);
        j.assertLogNotContains("Known are: production, team-test", outside);
        assertEquals(Optional.empty(), Protection.of(other).policyFor("team-test"));
    }

    @Test
    void savingAScopeJudgesBlockedDeploymentsAnew() throws Exception {
        protect("production", 1, "bob");
        protectIn(shop, environment("production", 1, "carol"));
        WorkflowRun build = blocked(j, deploy, "alice");
        approve(build, "bob");
        assertEquals(Status.BLOCKED, latest(build).status());
        protectIn(shop);
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void rulesOfAllScopesHaveNamesOfTheirOwnWhateverPeopleCallThem() throws Exception {
        Folder production = folder(null, "production");
        try {
            Folder inner = folder(production, "production");
            WorkflowJob job = pipelineIn(inner, "production", "deploymentGate 'production'");
            ProtectedEnvironment[] same = {
                withRules("production", rule("production", 1), rule("production: production", 1), rule("*", 1)),
                withRules("*", rule("production", 1), rule("*: *", 1))
            };
            DeploymentGateConfiguration.get().setEnvironments(List.of(same));
            protectIn(production, same);
            protectIn(inner, same);
            protectIn(job, same);
            assertEquals(20, policy(job, "production").requiredApprovals());
        } finally {
            production.delete();
        }
    }

    @Test
    void theBranchesOfAMultibranchProjectAreProtectedByIt() throws Exception {
        protect("production", 1, "bob");
        try (MockSCMController repository = MockSCMController.create()) {
            repository.createRepository("app");
            repository.addFile(
                    "app",
                    "master",
                    "add",
                    "Jenkinsfile",
                    "deploymentGate 'production'".getBytes(StandardCharsets.UTF_8));
            WorkflowMultiBranchProject project = team.createProject(WorkflowMultiBranchProject.class, "app");
            project.getSourcesList()
                    .add(new BranchSource(new MockSCMSource(repository, "app", new MockSCMDiscoverBranches())));
            protectIn(project, environment("production", 1, "carol"));
            project.scheduleBuild2(0).getFuture().get();
            WorkflowJob branch = project.getItem("master");
            WorkflowRun build = await().until(() -> branch.getBuildByNumber(1), Objects::nonNull);
            awaitBlocked(j, build);
            assertEquals(2, policy(branch, "production").requiredApprovals());
            approve(build, "bob");
            approve(build, "carol");
            ended(j, Result.SUCCESS, build);
        }
    }

    /** Names collide on purpose, so that everything matches everything now and then. */
    @Test
    void aNarrowerPlaceIsNeverWeakerThanAWiderOne() throws Exception {
        for (long seed = 1; seed <= 8; seed++) {
            Random random = new Random(seed);
            DeploymentGateConfiguration.get().setEnvironments(environments(random));
            Folder root = folder(null, "tree-" + seed + "-" + System.nanoTime());
            List<Item> items = new ArrayList<>(List.of(root));
            for (int i = 0; i < 7; i++) {
                List<Folder> folders = items.stream()
                        .filter(Folder.class::isInstance)
                        .map(Folder.class::cast)
                        .toList();
                Folder parent = folders.get(random.nextInt(folders.size()));
                String name = (random.nextBoolean() ? "production" : "staging") + i;
                items.add(random.nextInt(3) == 0 ? pipelineIn(parent, name, "") : folder(parent, name));
            }
            for (Item item : items) {
                if (random.nextInt(4) > 0) {
                    ItemScope.of(item).setEnvironments(environments(random));
                }
            }
            for (Item item : items) {
                for (String environment : List.of("production", "staging", "prod-eu")) {
                    Optional<EnvironmentPolicy> narrow = Protection.of(item).policyFor(environment);
                    Item around = item.getParent() instanceof Item parent ? parent : null;
                    Optional<EnvironmentPolicy> wide = Protection.of(around).policyFor(environment);
                    String where = "seed " + seed + ", " + environment + " in " + item.getFullName();
                    wide.ifPresent(weaker -> assertNotWeaker(narrow.orElseThrow(), weaker, where));
                    assertEquals(
                            expectedApprovals(item, environment),
                            narrow.map(EnvironmentPolicy::requiredApprovals).orElse(-1),
                            where);
                }
            }
            root.delete();
        }
    }

    private static List<ProtectedEnvironment> environments(Random random) {
        List<ProtectedEnvironment> environments = new ArrayList<>();
        for (String name : List.of("production", "prod*", "*", "staging")) {
            if (random.nextInt(3) == 0) {
                ProtectedEnvironment environment = environment(name, random.nextInt(3));
                environment.setAllowSelfApproval(random.nextInt(4) > 0);
                environment.setCommentToApprove(random.nextInt(4) == 0);
                environment.setCommentToReject(random.nextInt(4) == 0);
                environment.setPreventAuthorApproval(random.nextInt(4) == 0);
                environment.setAllowAutomated(random.nextInt(4) > 0);
                environment.setAllowUnknownRequesters(random.nextInt(4) > 0);
                environment.setDeployAccess(
                        random.nextInt(4) > 0 ? List.of() : List.of(new GroupApprover("deployers")));
                environment.setDeadlineMinutes(random.nextBoolean() ? null : 100 + random.nextInt(3));
                environment.setWaitMinutes(random.nextBoolean() ? null : random.nextInt(3));
                environment.setInstructions(random.nextBoolean() ? "" : "Look at " + random.nextInt(3));
                if (random.nextBoolean()) {
                    environment.setApprovalRules(List.of(rule("production", 1 + random.nextInt(2)), rule("*", 1)));
                }
                environments.add(environment);
            }
        }
        return environments;
    }

    private static void assertNotWeaker(EnvironmentPolicy narrow, EnvironmentPolicy wide, String where) {
        assertTrue(narrow.rules().containsAll(wide.rules()), where);
        assertTrue(
                wide.separation().selfApprovalAllowed() || !narrow.separation().selfApprovalAllowed(), where);
        assertTrue(
                wide.separation().authorApprovalAllowed()
                        || !narrow.separation().authorApprovalAllowed(),
                where);
        assertTrue(wide.access().automatedAllowed() || !narrow.access().automatedAllowed(), where);
        assertTrue(narrow.access().lists().containsAll(wide.access().lists()), where);
        assertTrue(
                narrow.timing()
                                .deadline()
                                .orElseThrow()
                                .compareTo(wide.timing().deadline().orElseThrow())
                        <= 0,
                where);
        assertTrue(narrow.timing().waitTime().compareTo(wide.timing().waitTime()) >= 0, where);
        assertTrue(narrow.timing().freezes().containsAll(wide.timing().freezes()), where);
        assertTrue(narrow.commentRequired().containsAll(wide.commentRequired()), where);
        assertTrue(narrow.instructions().containsAll(wide.instructions()), where);
    }

    /** Counted from what was configured, by another way than the policy; -1 if nothing matches. */
    private static int expectedApprovals(Item item, String name) {
        List<ProtectedEnvironment> matching = new ArrayList<>(matching(DeploymentGateConfiguration.get(), name));
        Item at = item;
        while (at != null) {
            matching.addAll(matching(ItemScope.of(at), name));
            at = at.getParent() instanceof Item parent ? parent : null;
        }
        return matching.isEmpty()
                ? -1
                : matching.stream()
                        .mapToInt(environment -> environment.getRequiredApprovals()
                                + environment.getApprovalRules().stream()
                                        .mapToInt(ApprovalRequirement::getRequiredApprovals)
                                        .sum())
                        .sum();
    }

    private static List<ProtectedEnvironment> matching(ProtectionScope scope, String name) {
        return scope.getEnvironments().stream()
                .filter(environment -> switch (environment.getName()) {
                    case "*" -> true;
                    case "prod*" -> name.startsWith("prod");
                    default -> environment.getName().equals(name);
                })
                .toList();
    }

    @Test
    void thePolicyIsTheSameWhoeverAsks() throws Exception {
        protect("production", 1, "bob");
        protectIn(team, environment("production", 1, "carol"));
        try (ACLContext ignored = ACL.as2(Jenkins.ANONYMOUS2)) {
            assertEquals(2, policy(deploy, "production").requiredApprovals());
        }
    }
}
