package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static io.jenkins.plugins.deploymentgate.World.withRules;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import hudson.model.Result;
import hudson.security.Permission;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What administrators configure, by form and by hand, and what becomes of it when it breaks. */
class ConfigurationTest extends WorldTestCase {

    private static final String PAGE = "manage/protected-environments/";

    @BeforeEach
    void protectProduction() {
        configuration().setEnvironments(List.of());
        ProtectedEnvironment production = new ProtectedEnvironment("production");
        production.setRequiredApprovals(2);
        production.setApprovers(
                List.of(new UserApprover("bob"), new GroupApprover("managers"), new UserApprover("carol")));
        production.setAllowSelfApproval(true);
        production.setInstructions("Look <here>\nand there");
        DeploySourceConfig main = new DeploySourceConfig();
        main.setBranch("main");
        DeploySourceConfig pullRequests = new DeploySourceConfig();
        pullRequests.setPullRequest(true);
        ProtectedEnvironment staging = new ProtectedEnvironment("staging");
        staging.setRequiredApprovals(0);
        staging.setDeployFrom(List.of(main, pullRequests));
        production.setCommentToReject(true);
        ApprovalRuleConfig security = new ApprovalRuleConfig("Security");
        security.setApprovers(List.of(new GroupApprover("security"), new AccessLevelApprover(40)));
        ApprovalRuleConfig operations = new ApprovalRuleConfig("Operations");
        operations.setRequiredApprovals(2);
        staging.setApprovalRules(List.of(security, operations));
        configuration().setEnvironments(List.of(production, staging));
    }

    private static DeploymentGateConfiguration configuration() {
        return DeploymentGateConfiguration.get();
    }

    private static WebClient as(String user) throws Exception {
        WebClient browser = j.createWebClient();
        browser.setThrowExceptionOnFailingStatusCode(false);
        browser.getOptions().setJavaScriptEnabled(false);
        browser.login(user);
        // The forms need it.
        browser.getOptions().setJavaScriptEnabled(true);
        return browser;
    }

    private static String describe(List<ProtectedEnvironment> environments) {
        return Jenkins.XSTREAM2.toXML(environments);
    }

    @Test
    void theFormSavesWhatItShows() throws Exception {
        String before = describe(configuration().getEnvironments());
        HtmlForm form = as("root").goTo(PAGE).getFormByName("config");
        j.submit(form);
        assertEquals(before, describe(configuration().getEnvironments()));
    }

    @Test
    void theFormChangesAndRemoves() throws Exception {
        HtmlForm form = as("root").goTo(PAGE).getFormByName("config");
        form.getInputsByName("_.requiredApprovals").get(0).setValue("3");
        form.getInputsByName("_.name").get(0).setValue("prod");
        j.submit(form);
        assertEquals("prod", configuration().getEnvironments().get(0).getName());
        assertEquals(3, configuration().getEnvironments().get(0).getRequiredApprovals());
        configuration().setEnvironments(List.of());
        j.submit(as("root").goTo(PAGE).getFormByName("config"));
        assertEquals(List.of(), configuration().getEnvironments());
    }

    @Test
    void theFormRefusesWhatMakesNoSenseAndChangesNothing() throws Exception {
        String before = describe(configuration().getEnvironments());
        for (String[] bad : new String[][] {
            {"_.requiredApprovals", "-1", "between 0 and 100"},
            {"_.name", "staging", "has two entries"},
            {"_.name", "<b>", "may contain letters"},
            {"_.name", "", "name"},
            {"_.branch", "", "exactly one of branch"},
            {"_.tag", "v*", "exactly one of branch"},
            {"_.branch", "main/", "slash"}
        }) {
            HtmlForm form = as("root").goTo(PAGE).getFormByName("config");
            form.getInputsByName(bad[0]).get(0).setValue(bad[1]);
            HtmlPage answer = j.submit(form);
            assertThat(answer.getWebResponse().getContentAsString(), containsString(bad[2]));
            assertFalse(answer.getWebResponse().getStatusCode() == 200
                    && answer.getUrl().getPath().endsWith("/manage/"));
            assertEquals(before, describe(configuration().getEnvironments()), bad[0] + "=" + bad[1]);
        }
    }

    @Test
    void whatIsNoNumberIsAnErrorAndNotTheDefault() throws Exception {
        String before = describe(configuration().getEnvironments());
        WebClient browser = as("root");
        WebRequest request = new WebRequest(new URL(j.getURL(), PAGE + "save"), HttpMethod.POST);
        request.setRequestParameters(List.of(
                new NameValuePair("json", "{\"environments\": {\"name\": \"x\", \"requiredApprovals\": \"many\"}}")));
        browser.addCrumb(request);
        HtmlPage answer = browser.getPage(request);
        assertThat(answer.asNormalizedText(), containsString("\"many\" is not a whole number"));
        assertEquals(before, describe(configuration().getEnvironments()));
    }

    @Test
    void theChecksSayWhatIsWrong() {
        ProtectedEnvironment.DescriptorImpl descriptor =
                j.jenkins.getDescriptorByType(ProtectedEnvironment.DescriptorImpl.class);
        try (var ignored = World.actingAs("root")) {
            DeploySourceConfig.DescriptorImpl sources =
                    j.jenkins.getDescriptorByType(DeploySourceConfig.DescriptorImpl.class);
            assertEquals(FormValidation.Kind.OK, sources.doCheckBranch(null, "feature/@a#1").kind);
            assertEquals(FormValidation.Kind.OK, sources.doCheckTag(null, "").kind);
            assertEquals(FormValidation.Kind.ERROR, sources.doCheckTag(null, "/v1").kind);
            assertEquals(FormValidation.Kind.ERROR, sources.doCheckJob(null, "x".repeat(1001)).kind);
            assertEquals(FormValidation.Kind.OK, descriptor.doCheckName(null, "review/*").kind);
            assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckName(null, " ").kind);
            assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckName(null, "a/").kind);
            assertEquals(FormValidation.Kind.OK, descriptor.doCheckRequiredApprovals(null, "2").kind);
            assertThat(
                    descriptor.doCheckRequiredApprovals(null, "0").getMessage(), containsString("No approval needed"));
            assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckRequiredApprovals(null, "x").kind);
            assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckRequiredApprovals(null, "101").kind);
            assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckInstructions(null, "x".repeat(10_001)).kind);
            GroupApprover.DescriptorImpl group = j.jenkins.getDescriptorByType(GroupApprover.DescriptorImpl.class);
            assertEquals(FormValidation.Kind.ERROR, group.doCheckName(null, "authenticated").kind);
            assertEquals(FormValidation.Kind.ERROR, group.doCheckName(null, "").kind);
            UserApprover.DescriptorImpl user = j.jenkins.getDescriptorByType(UserApprover.DescriptorImpl.class);
            assertEquals(FormValidation.Kind.ERROR, user.doCheckId(null, " ").kind);
            assertEquals(FormValidation.Kind.OK, user.doCheckId(null, "bob").kind);
        }
    }

    @Test
    void aListThatMakesNoSenseIsRefusedAsAWhole() {
        String before = describe(configuration().getEnvironments());
        ProtectedEnvironment good = new ProtectedEnvironment("good");
        ProtectedEnvironment tooFew = new ProtectedEnvironment("few");
        tooFew.setRequiredApprovals(2);
        tooFew.setApprovers(List.of(new UserApprover("bob")));
        ProtectedEnvironment twice = new ProtectedEnvironment("twice");
        twice.setApprovers(List.of(new UserApprover("bob"), new UserApprover(" BOB ")));
        ProtectedEnvironment everybody = new ProtectedEnvironment("everybody");
        everybody.setApprovers(List.of(new GroupApprover("authenticated")));
        ProtectedEnvironment negativeRule = withRules("negative", rule("r", -1));
        ProtectedEnvironment namelessRule = withRules("nameless", rule(" ", 1));
        ProtectedEnvironment sameRules = withRules("same", rule("r", 1), rule("r", 1));
        ProtectedEnvironment impossibleRule = withRules("impossible", rule("r", 2, new UserApprover("bob")));
        ProtectedEnvironment halfUser = new ProtectedEnvironment("half user");
        halfUser.setApprovers(List.of(new UserApprover("bob\ud83d")));
        ProtectedEnvironment halfGroup = new ProtectedEnvironment("half group");
        halfGroup.setDeployAccess(List.of(new GroupApprover("\ud83dops")));
        ProtectedEnvironment nothingInside = new ProtectedEnvironment("nothing inside");
        nothingInside.setInstructions("a\0b");
        ProtectedEnvironment unknownLevel = withRules("level", rule("r", 1, new AccessLevelApprover(50)));
        for (ProtectedEnvironment bad : List.of(
                tooFew,
                twice,
                everybody,
                negativeRule,
                namelessRule,
                sameRules,
                impossibleRule,
                unknownLevel,
                halfUser,
                halfGroup,
                nothingInside,
                withRules("no character", rule("\uffff", 1)),
                withRules("two lines", rule("a\u2028b", 1)),
                new ProtectedEnvironment("good"))) {
            IllegalArgumentException error = assertThrows(
                    IllegalArgumentException.class, () -> configuration().setEnvironments(List.of(good, bad)));
            assertThat(error.getMessage(), containsString(bad.getName()));
        }
        assertEquals(before, describe(configuration().getEnvironments()));
    }

    @Test
    void wordsOfAnyKindAreReadAsTheyWereWritten() {
        int size = 4_000;
        for (int first = 0; first < 0x11000; first += size) {
            ProtectedEnvironment environment = new ProtectedEnvironment("words");
            environment.setInstructions(IntStream.range(first, first + size)
                    .mapToObj(Character::toString)
                    .filter(character -> PlainText.unkeepable(character).isEmpty())
                    .collect(Collectors.joining()));
            configuration().setEnvironments(List.of(environment));
            configuration().load();
            assertEquals(Optional.empty(), configuration().getLoadFailure());
            assertEquals(
                    environment.getInstructions(),
                    configuration().getEnvironments().get(0).getInstructions());
        }
    }

    @Test
    void onlyAdministratorsSaveAndSystemReadersSee() throws Exception {
        assertEquals(403, as("bob").goTo(PAGE, null).getWebResponse().getStatusCode());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root"));
        try {
            HtmlPage page = as("auditor").goTo(PAGE);
            assertEquals(200, page.getWebResponse().getStatusCode());
            assertThat(page.asXml(), containsString("production"));
            assertThat(page.asXml(), not(containsString("name=\"Submit\"")));
            var request = new WebRequest(new URL(j.getURL(), PAGE + "save"), HttpMethod.POST);
            WebClient browser = as("auditor");
            browser.addCrumb(request);
            assertEquals(403, browser.getPage(request).getWebResponse().getStatusCode());
        } finally {
            World.people(j);
        }
    }

    @Test
    void thePageForAllOfJenkinsLeavesTheEnvironmentsAlone() throws Exception {
        String before = describe(configuration().getEnvironments());
        HtmlPage page = as("root").goTo("manage/configure");
        assertFalse(page.getElementsByName("administrativeMonitor").isEmpty(), "the page is whole");
        j.submit(page.getFormByName("config"));
        assertEquals(before, describe(configuration().getEnvironments()));
    }

    @Test
    void aConfigurationThatCannotBeReadClosesEveryGateAndWarns() throws Exception {
        WorkflowRun waiting =
                blocked(j, pipeline("waits-" + System.nanoTime(), "deploymentGate 'production'"), "alice");
        Path file = j.jenkins.getRootDir().toPath().resolve(DeploymentGateConfiguration.class.getName() + ".xml");
        String good = Files.readString(file);
        UnreadableConfigurationMonitor monitor = ExtensionList.lookupSingleton(UnreadableConfigurationMonitor.class);
        assertFalse(monitor.isActivated());
        for (String bad : List.of(
                good.substring(0, good.length() / 2),
                good.replace("<name>production</name>", ""),
                good.replace("<requiredApprovals>2</requiredApprovals>", "<requiredApprovals>two</requiredApprovals>"),
                good.replace("config.UserApprover", "config.LaterApprover"),
                good.replace("<allowSelfApproval>", "<unheardOf>1</unheardOf><allowSelfApproval>"))) {
            Files.writeString(file, bad);
            configuration().load();
            assertTrue(monitor.isActivated(), bad);
            VoteResult vote = vote(waiting, latest(waiting).id(), "bob", VoteDecision.APPROVED, "");
            assertEquals(DenialReason.POLICY_UNAVAILABLE, ((VoteResult.Refused) vote).why());
            WorkflowRun build = start(pipeline("closed-" + System.nanoTime(), "deploymentGate 'staging'"), "alice");
            ended(j, Result.FAILURE, build);
            j.assertLogContains("could not be read", build);
        }
        assertThat(as("root").goTo("manage/").asNormalizedText(), containsString("All deployment gates are closed."));
        assertThat(as("root").goTo(PAGE).asNormalizedText(), containsString("could not be read"));
        protectProduction();
        assertFalse(monitor.isActivated(), "saving it anew heals it");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(
                    1,
                    files.filter(kept -> kept.getFileName().toString().contains(".xml.unreadable-"))
                            .count(),
                    "what could not be read is kept");
        }
        approve(waiting, "bob");
        approve(waiting, "carol");
        ended(j, Result.SUCCESS, waiting);
    }

    @Test
    void aSaveThatFailsIsReportedAndChangesNothing() throws Exception {
        String before = describe(configuration().getEnvironments());
        Path file = j.jenkins.getRootDir().toPath().resolve(DeploymentGateConfiguration.class.getName() + ".xml");
        Path kept = file.resolveSibling("kept.xml");
        Files.move(file, kept);
        Files.createDirectory(file);
        Files.writeString(file.resolve("in-the-way"), "");
        try {
            assertThrows(UncheckedIOException.class, () -> configuration().setEnvironments(List.of()));
            assertEquals(before, describe(configuration().getEnvironments()));
            HtmlForm form = as("root").goTo(PAGE).getFormByName("config");
            HtmlPage answer = j.submit(form);
            assertThat(answer.asNormalizedText(), containsString("could not be saved"));
        } finally {
            Files.delete(file.resolve("in-the-way"));
            Files.delete(file);
            Files.move(kept, file);
        }
    }

    @Test
    void thePermissionIsKnownByItsId() {
        assertEquals(
                DeploymentPermissions.APPROVE,
                Permission.fromId("io.jenkins.plugins.deploymentgate.config.DeploymentPermissions.Approve"));
    }
}
