package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.casc.Attribute;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.DummySecurityRealm;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Holds the documents together with what configuration as code takes and with what becomes of it. */
@WithJenkins
class DocumentedPolicyTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- example: ([a-z ]+) -->\\n```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TABLE =
            Pattern.compile("<!-- attributes: (\\w+) -->\\n[^\\n]*\\n[^\\n]*\\n((?:\\|[^\\n]*\\n)+)");

    private static JenkinsRule j;

    @TempDir
    private Path yaml;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        DummySecurityRealm realm = j.createDummySecurityRealm();
        realm.addGroups("bob", "security", "operations", "developers");
        realm.addGroups("carol", "operations", "developers");
        realm.addGroups("dave", "security");
        realm.addGroups("alice", "developers", "release-managers");
        j.jenkins.setSecurityRealm(realm);
        for (String user : List.of("alice", "bob", "carol", "dave", "mallory")) {
            User.getById(user, true);
        }
    }

    private static Map<String, String> examples() throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("docs/policy.md")));
        return example.results().collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    private void configure(String text) throws Exception {
        Path file = yaml.resolve("jenkins.yaml");
        Files.writeString(file, text);
        ConfigurationAsCode.get().configure(file.toString());
    }

    private void example(String name) throws Exception {
        configure(examples().get(name));
    }

    private static WorkflowRun waiting(String environment) throws Exception {
        return blocked(j, pipeline("documented-" + System.nanoTime(), "deploymentGate '" + environment + "'"), "alice");
    }

    private static Optional<DenialReason> refusal(WorkflowRun build, String user) throws Exception {
        VoteResult result = vote(build, latest(build).id(), user, VoteDecision.APPROVED, "");
        return result instanceof VoteResult.Refused refused ? Optional.of(refused.why()) : Optional.empty();
    }

    private static EnvironmentPolicy policy(String environment) throws Exception {
        return Protection.of(null).policyFor(environment).orElseThrow();
    }

    @Test
    void twoTeamsEachGiveOneApproval() throws Exception {
        example("two teams");
        WorkflowRun build = waiting("production");
        assertEquals(Optional.empty(), refusal(build, "bob"));
        assertEquals(Status.BLOCKED, latest(build).status(), "bob is in both teams, and fills one seat");
        assertEquals(Optional.empty(), refusal(build, "dave"), "bob's approval counts for Operations then");
        ended(j, Result.SUCCESS, build);
        WorkflowRun other = waiting("production");
        assertEquals(Optional.empty(), refusal(other, "dave"));
        assertEquals(Status.BLOCKED, latest(other).status());
        assertEquals(Optional.empty(), refusal(other, "carol"));
        ended(j, Result.SUCCESS, other);
    }

    @Test
    void fourEyesAreThoseOfOthers() throws Exception {
        example("four eyes");
        WorkflowRun build = waiting("production");
        assertEquals(Optional.of(DenialReason.OWN_DEPLOYMENT), refusal(build, "alice"));
        await().until(() -> latest(build).request().authors().isPresent());
        assertEquals(Optional.empty(), refusal(build, "bob"));
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(Optional.empty(), refusal(build, "carol"));
        ended(j, Result.SUCCESS, build);
        assertFalse(policy("production").separation().authorApprovalAllowed());
        assertEquals(Set.of(VoteDecision.REJECTED), policy("production").commentRequired());
    }

    @Test
    void reviewAppsAreOpenButForOne() throws Exception {
        example("review apps");
        ended(
                j,
                Result.SUCCESS,
                start(pipeline("documented-" + System.nanoTime(), "deploymentGate 'review/a'"), "alice"));
        WorkflowRun build = waiting("review/public");
        assertEquals(Optional.empty(), refusal(build, "alice"), "who may approve what they asked for");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aFreezeHoldsUntilItsEnd() throws Exception {
        example("freeze");
        Map<String, String> until = Map.of(
                "2026-11-25T12:00:00Z", "",
                "2026-11-27T17:30:00Z", "2026-11-30T05:00:00Z",
                "2026-12-24T12:00:00Z", "2027-01-04T05:00:00Z",
                "2027-01-05T12:00:00Z", "");
        for (Map.Entry<String, String> moment : until.entrySet()) {
            Instant now = Instant.parse(moment.getKey());
            Optional<Instant> held = policy("production").timing().heldUntil(now, now);
            assertEquals(moment.getValue(), held.map(Instant::toString).orElse(""), moment.getKey());
        }
    }

    @Test
    void onlyThoseWhoMayDeployReachTheGate() throws Exception {
        example("who may deploy");
        WorkflowRun allowed = waiting("production");
        allowed.doStop();
        ended(j, Result.ABORTED, allowed);
        for (String user : new String[] {"bob", null}) {
            WorkflowRun build = start(pipeline("documented-" + System.nanoTime(), "deploymentGate 'production'"), user);
            ended(j, Result.FAILURE, build);
            assertEquals(EndReason.DEPLOYMENT_FORBIDDEN, latest(build).endReason());
        }
    }

    @Test
    void onlyWhatIsNamedDeploys() throws Exception {
        example("from where");
        Folder shop = World.folder(null, "shop");
        blocked(j, World.pipelineIn(shop, "release", "deploymentGate 'production'"), "alice");
        WorkflowRun build = start(World.pipelineIn(shop, "nightly", "deploymentGate 'production'"), "alice");
        ended(j, Result.FAILURE, build);
        j.assertLogContains(
                "deployment_forbidden: production does not accept deployments from job shop/nightly. Required: branch"
                        + " main or branch release/* or tag v* or job shop/release.",
                build);
        for (DeploySource.Kind kind : List.of(DeploySource.Kind.BRANCH, DeploySource.Kind.PULL_REQUEST)) {
            assertEquals(
                    kind == DeploySource.Kind.BRANCH,
                    policy("production").access().admits(new DeploySource(kind, "release/1")));
        }
        assertTrue(policy("production").access().admits(new DeploySource(DeploySource.Kind.TAG, "v1")));
    }

    @Test
    void theWaitAndTheDeadlineAreCountedFromTheGate() throws Exception {
        example("wait and deadline");
        Instant gate = Instant.parse("2026-11-25T12:00:00Z");
        assertEquals(
                Optional.of(gate.plus(Duration.ofMinutes(10))),
                policy("production").timing().heldUntil(gate, gate.plusSeconds(1)));
        assertEquals(
                Optional.of(Duration.ofHours(2)), policy("production").timing().deadline());
    }

    @Test
    void oneDeploymentRunsAtATimeInAllOfJenkins() throws Exception {
        example("one at a time");
        assertEquals(
                new TurnRules(Optional.of(""), TurnRules.Supersede.ON_RELEASE, true),
                policy("production").turns());
    }

    @Test
    void everyExampleIsTried() throws Exception {
        assertEquals(
                Set.of(
                        "two teams",
                        "four eyes",
                        "review apps",
                        "freeze",
                        "who may deploy",
                        "from where",
                        "wait and deadline",
                        "one at a time"),
                examples().keySet());
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ProtectedEnvironment.class,
                ApprovalRuleConfig.class,
                DeploySourceConfig.class,
                UserApprover.class,
                GroupApprover.class,
                AccessLevelApprover.class,
                WeeklyFreeze.class,
                DatedFreeze.class
            })
    void theReferenceNamesEveryAttributeAndNoOther(Class<?> type) throws Exception {
        Set<String> documented = new TreeSet<>();
        Matcher table = TABLE.matcher(Files.readString(Path.of("docs/administrator.md")));
        while (table.find()) {
            if (table.group(1).equals(type.getSimpleName())) {
                table.group(2).lines().forEach(row -> {
                    Matcher name = Pattern.compile("`(\\w+)`").matcher(row.split("\\|")[1]);
                    name.results().forEach(found -> documented.add(found.group(1)));
                });
            }
        }
        Set<String> real = new TreeSet<>();
        for (Object attribute : ConfiguratorRegistry.get().lookupOrFail(type).describe()) {
            real.add(((Attribute<?, ?>) attribute).getName());
        }
        assertEquals(real, documented);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, requiredApprovals: -1}                                         | requiredApprovals:",
                "{name: a, requiredApprovals: 1000000}                                    | requiredApprovals:",
                "{name: ''}                                                               | name:",
                "{name: 'a?'}                                                             | name:",
                "{name: b}, {name: b}                                                     | has two entries",
                "{name: a, requiredApprovals: 2, approvers: [{user: {id: bob}}]}          | approvers:",
                "{name: a, approvers: [{user: {id: bob}}, {user: {id: Bob}}]}             | approvers:",
                "{name: a, approvers: [{user: {id: ''}}]}                                 | approvers:",
                "{name: a, approvers: [{group: {name: authenticated}}]}                   | approvers:",
                "{name: a, approvers: [{accessLevel: {level: 50}}]}                       | approvers:",
                "{name: a, deployAccess: [{user: {id: ''}}]}                              | deployAccess:",
                "{name: a, deployFrom: [{}]}                                              | deployFrom:",
                "{name: a, deployFrom: [{branch: ' '}]}                                   | deployFrom:",
                "{name: a, deployFrom: [{branch: a, tag: a}]}                             | deployFrom:",
                "{name: a, deployFrom: [{job: a, pullRequest: true}]}                     | deployFrom:",
                "{name: a, deployFrom: [{job: /a}]}                                       | deployFrom:",
                "{name: a, deployFrom: [{job: a/}]}                                       | deployFrom:",
                "{name: a, deployFrom: [{tag: \"v\\n1\"}]}                                | deployFrom:",
                "{name: a, deployFrom: [{branch: b}, {branch: b}]}                        | deployFrom:",
                "{name: a, deployFrom: [{commit: b}]}                                     | commit",
                "{name: a, approvalRules: [{name: ''}]}                                   | approvalRules:",
                "{name: a, approvalRules: [{name: x}, {name: x}]}                         | approvalRules:",
                "{name: a, approvalRules: [{name: x, requiredApprovals: 0}]}              | approvalRules:",
                "{name: a, approvalRules: [{name: x, requiredApprovals: 2, approvers: [{user: {id: bob}}]}]} |"
                        + " approvalRules:",
                "{name: a, deadlineMinutes: 0}                                            | deadlineMinutes:",
                "{name: a, waitMinutes: -1}                                               | waitMinutes:",
                "{name: a, waitMinutes: 60, deadlineMinutes: 60}                          | waitMinutes:",
                "{name: a, freezeWindows: [{dated: {from: '2026-12-02 06:00', to: '2026-12-01 06:00', timeZone:"
                        + " UTC}}]} | freezeWindows:",
                "{name: a, freezeWindows: [{dated: {from: '2026-12-01 06:00', to: '2026-12-02 06:00', timeZone:"
                        + " Mars}}]} | freezeWindows:",
                "{name: a, freezeWindows: [{dated: {from: tomorrow, to: '2026-12-02 06:00', timeZone: UTC}}]} |"
                        + " freezeWindows:",
                "{name: a, freezeWindows: [{dated: {from: '2026-12-01 06:00', to: '2026-12-03 06:00', timeZone: UTC}},"
                        + " {dated: {from: '2026-12-02 06:00', to: '2026-12-04 06:00', timeZone: UTC}}]} | freezeWindows:",
                "{name: a, freezeWindows: [{weekly: {fromDay: SOMEDAY, fromTime: '18:00', toDay: MONDAY, toTime:"
                        + " '06:00', timeZone: UTC}}]} | freezeWindows:",
                "{name: a, unheardOf: 1}                                                  | unheardOf"
            })
    void whatMakesNoSenseNamesItsAttributeAndChangesNothing(String environments, String told) throws Exception {
        example("two teams");
        Path file = j.jenkins.getRootDir().toPath().resolve(DeploymentGateConfiguration.class.getName() + ".xml");
        String before = Files.readString(file);
        ConfiguratorException error = assertThrows(
                ConfiguratorException.class,
                () -> configure("unclassified: {deploymentGate: {environments: [" + environments + "]}}\n"));
        List<String> messages = new ArrayList<>();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            messages.add(String.valueOf(cause));
        }
        assertThat(messages.toString(), containsString(told));
        assertEquals(before, Files.readString(file));
        assertEquals(2, policy("production").requiredApprovals());
    }

    @Test
    void aReloadTouchesTheBlockedDeploymentsThatItIsAbout() throws Exception {
        configure("""
            unclassified:
              deploymentGate:
                environments:
                  - {name: production, requiredApprovals: 2, approvers: [{group: {name: developers}}]}
                  - {name: other, requiredApprovals: 1, approvers: [{user: {id: dave}}]}
            """);
        WorkflowRun released = waiting("production");
        WorkflowRun untouched = waiting("other");
        approve(released, "bob");
        configure("""
            unclassified:
              deploymentGate:
                environments:
                  - {name: production, requiredApprovals: 1, approvers: [{user: {id: carol}}]}
                  - {name: other, requiredApprovals: 1, approvers: [{user: {id: dave}}]}
            """);
        assertEquals(Optional.empty(), refusal(released, "carol"), "bob's approval does not count any more");
        ended(j, Result.SUCCESS, released);
        assertEquals(Status.BLOCKED, latest(untouched).status());
        assertTrue(latest(untouched).approvals().isEmpty());
        configure("""
            unclassified:
              deploymentGate:
                environments:
                  - {name: other, requiredApprovals: 0}
            """);
        ended(j, Result.SUCCESS, untouched);
        j.assertLogContains("protected environments have changed", untouched);
    }
}
