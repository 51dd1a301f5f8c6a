package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Duration;
import java.util.List;
import jenkins.management.Badge;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlTableRow;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The lists of deployments: of all jobs, of a folder, of a job. */
class DeploymentsPageTest extends PageTestCase {

    private Folder shop;
    private WorkflowJob deploy;

    @BeforeEach
    void makeAFolderOfItsOwn() throws Exception {
        shop = folder(null, "shop-" + System.nanoTime());
        deploy = pipelineIn(shop, "deploy", "deploymentGate environment: 'production', version: '1.4.2'");
    }

    private HtmlPage at(String user, String address) throws Exception {
        return as(user).goTo(address);
    }

    private HtmlPage atShop(String user, String tab) throws Exception {
        return at(user, shop.getUrl() + "deployments/" + tab);
    }

    private static List<String> listed(HtmlPage page) {
        return page.getByXPath("//tr[@data-deployment]").stream()
                .map(row -> ((HtmlTableRow) row).getAttribute("data-deployment"))
                .toList();
    }

    private static String id(WorkflowRun build) throws Exception {
        return String.valueOf(latest(build).id());
    }

    @Test
    void whatWaitsForSomebodyIsWhatTheyCouldApproveNow() throws Exception {
        WorkflowRun build = blocked(j, deploy, "alice");
        HtmlPage bobs = atShop("bob", "");
        assertEquals(List.of(id(build)), listed(bobs));
        assertThat(bobs.asNormalizedText(), containsString("1.4.2"));
        assertThat(bobs.asNormalizedText(), containsString("alice"));
        assertEquals(List.of(), listed(atShop("dave", "")), "dave is no approver");
        assertEquals(List.of(), listed(atShop("alice", "")), "alice has asked for it");
        assertEquals(List.of(id(build)), listed(atShop("dave", "blocked")));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertThat(
                atShop("bob", "").asNormalizedText(), containsString("No deployments are waiting for your approval"));
        assertThat(atShop("bob", "blocked").asNormalizedText(), containsString("No blocked deployments"));
    }

    @Test
    void theLinkOnEveryPageCountsWhatWaitsForTheReader() throws Exception {
        DeploymentsLink link = ExtensionList.lookupSingleton(DeploymentsLink.class);
        int before = listed(at("carol", "deployments/")).size();
        WorkflowRun build = blocked(j, deploy, "alice");
        await().until(() -> count(link, "carol") == before + 1);
        assertEquals(0, count(link, "alice"));
        try (ACLContext ignored = ACL.as2(Jenkins.ANONYMOUS2)) {
            assertEquals(null, link.getBadge());
        }
        assertThat(
                at("carol", "").getWebResponse().getContentAsString(), containsString("root-action-DeploymentsLink"));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        await().until(() -> count(link, "carol") == before);
    }

    private static int count(DeploymentsLink link, String user) {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            Badge badge = link.getBadge();
            return badge == null ? 0 : Integer.parseInt(badge.getText());
        }
    }

    @Test
    void severalAreApprovedWithOneCommentAndAnsweredEachForItself() throws Exception {
        WorkflowRun first = blocked(j, deploy, "alice");
        WorkflowRun second = blocked(j, deploy, "alice");
        WorkflowRun third = blocked(j, deploy, "alice");
        HtmlPage page = atShop("bob", "");
        HtmlForm form = page.getFormByName("several");
        form.getInputsByName("id").forEach(box -> box.setChecked(true));
        form.getTextAreaByName("comment").setText("looks good");
        approve(second, "carol");
        ended(j, Result.SUCCESS, second);
        HtmlPage answers = form.getButtonsByName("status").get(0).click();
        assertEquals(
                2,
                answers.getByXPath("//div[contains(@class,'jenkins-alert-success')]")
                        .size());
        assertEquals(
                1,
                answers.getByXPath("//div[contains(@class,'jenkins-alert-danger')]")
                        .size());
        for (WorkflowRun build : List.of(first, third)) {
            ended(j, Result.SUCCESS, build);
            assertEquals("looks good", latest(build).approvals().get(0).comment());
        }
        assertEquals(1, latest(second).approvals().size());
    }

    @Test
    void muchThatWaitsIsPagedAndSearched() throws Exception {
        protect("staging", 1, "bob");
        WorkflowJob wide = pipelineIn(shop, "wide", """
            Map gates = [failFast: false]
            for (int i = 0; i < 51; i++) { gates['gate ' + i] = { deploymentGate 'staging' } }
            parallel gates
            """);
        WorkflowRun other = blocked(j, deploy, "alice");
        WorkflowRun many = start(wide, "alice");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> listed(atShop("bob", "blocked?page=2")).size() == 2);
        HtmlPage first = atShop("bob", "");
        assertEquals(50, listed(first).size());
        assertEquals(id(other), listed(first).get(0), "has waited for longest");
        HtmlPage last = ((HtmlAnchor) first.getFirstByXPath("//a[@rel='next']")).click();
        assertEquals(2, listed(last).size());
        assertEquals(listed(last), listed(atShop("bob", "?page=9")), "the last page stands for those behind it");

        last.getFormByName("several").getInputsByName("id").forEach(box -> box.setChecked(true));
        HtmlPage answers =
                last.getFormByName("several").getButtonsByName("status").get(0).click();
        assertEquals(50, listed(answers).size(), "there is one page only now");
        assertThat(answers.asNormalizedText(), containsString("staging (gate 50)"));

        HtmlForm search = first.getFormByName("search");
        assertThat(atShop("bob", "?search=nothing").asNormalizedText(), containsString("No matching deployments"));
        search.getInputByName("search").setValue("Prod");
        HtmlPage found = ((HtmlButton) search.querySelector("button")).click();
        assertEquals(List.of(id(other)), listed(found));
        assertEquals(
                "Prod", found.getFormByName("search").getInputByName("search").getValue());
        many.doStop();
        ended(j, Result.ABORTED, many);
        approve(other, "bob");
        ended(j, Result.SUCCESS, other);
    }

    @Test
    void severalAreRejectedBehindAConfirmation() throws Exception {
        WorkflowRun first = blocked(j, deploy, "alice");
        WorkflowRun second = blocked(j, deploy, "alice");
        HtmlForm form = atShop("bob", "").getFormByName("several");
        form.getInputsByName("id").forEach(box -> box.setChecked(true));
        form.getButtonsByName("status").get(1).click();
        ended(j, Result.FAILURE, first);
        ended(j, Result.FAILURE, second);
    }

    @Test
    void withoutAChoiceOrADecisionNothingIsDone() throws Exception {
        WorkflowRun build = blocked(j, deploy, "alice");
        HtmlForm form = atShop("bob", "").getFormByName("several");
        form.getTextAreaByName("comment").setText("kept");
        HtmlPage answer = form.getButtonsByName("status").get(0).click();
        assertEquals(400, answer.getWebResponse().getStatusCode());
        assertThat(answer.asNormalizedText(), containsString("No deployment was selected"));
        assertEquals(
                "kept",
                answer.getFormByName("several").getTextAreaByName("comment").getText());
        assertEquals(Status.BLOCKED, latest(build).status());
        build.doStop();
    }

    @Test
    void theEnvironmentsTellWhatRunsThereAndWhatIsOnItsWay() throws Exception {
        WorkflowRun good = blocked(j, deploy, "alice");
        approve(good, "bob");
        ended(j, Result.SUCCESS, good);
        WorkflowRun next = blocked(j, deploy, "alice");
        HtmlTableRow row = atShop("dave", "environments")
                .getFirstByXPath("//table[contains(@class,'deployment-gate__list')]/tbody/tr");
        assertThat(row.asNormalizedText(), containsString("production"));
        assertThat(row.asNormalizedText(), containsString("deploy"));
        assertThat(row.getCell(2).asNormalizedText(), containsString("#1"));
        assertThat(row.getCell(2).asNormalizedText(), containsString("Version 1.4.2"));
        assertThat(row.getCell(2).asNormalizedText(), containsString("approved by bob"));
        assertThat(row.getCell(3).asNormalizedText(), containsString("#2"));
        assertThat(row.getCell(3).asNormalizedText(), containsString("Blocked"));
        assertThat(atShop("dave", "environments?search=STAG").asNormalizedText(), containsString("No environments"));
        HtmlPage ofJob = at("dave", deploy.getUrl() + "deployments/environments?search=PROD");
        HtmlTableRow own = ofJob.getFirstByXPath("//table[contains(@class,'deployment-gate__list')]/tbody/tr");
        assertThat(own.getCell(1).asNormalizedText(), containsString("#1"));
        approve(next, "bob");
        ended(j, Result.SUCCESS, next);
    }

    @Test
    void theHistoryIsFilteredSortedAndPaged() throws Exception {
        protect("staging", 0);
        WorkflowJob quick = pipelineIn(shop, "quick", "deploymentGate 'staging'");
        for (int i = 0; i < 51; i++) {
            j.buildAndAssertSuccess(quick);
        }
        WorkflowRun rejected = blocked(j, deploy, "alice");
        vote(rejected, latest(rejected).id(), "carol", VoteDecision.REJECTED, "no");
        ended(j, Result.FAILURE, rejected);

        HtmlPage page = atShop("dave", "history");
        assertEquals(50, listed(page).size());
        assertEquals(id(rejected), listed(page).get(0));
        assertThat(page.asNormalizedText(), containsString("52 deployments"));
        HtmlPage last = ((HtmlAnchor) page.getFirstByXPath("//a[@rel='next']")).click();
        assertEquals(2, listed(last).size());
        HtmlPage ascending = ((HtmlAnchor) page.getFirstByXPath("//th[@aria-sort]/a")).click();
        assertEquals(listed(last).get(1), listed(ascending).get(0));

        assertEquals(List.of(id(rejected)), listed(atShop("dave", "history?status=failed")));
        assertEquals(List.of(id(rejected)), listed(atShop("dave", "history?requester=alice&environment=production")));
        assertEquals(List.of(id(rejected)), listed(atShop("dave", "history?approver=carol")));
        assertEquals(List.of(), listed(atShop("dave", "history?approver=bob")));
        assertEquals(
                List.of(id(rejected)),
                listed(atShop("dave", "history?from=2020-01-01&to=2999-01-01&job=" + deploy.getFullName())));
        assertEquals(List.of(), listed(atShop("dave", "history?to=2020-01-01")));
        assertEquals(
                1, listed(at("dave", deploy.getUrl() + "deployments/history")).size());
        assertEquals(
                "alice",
                atShop("dave", "history?requester=alice")
                        .getFormByName("filter")
                        .getInputByName("requester")
                        .getValue());
    }

    @Test
    void aFilterThatMakesNoSenseIsExplained() throws Exception {
        for (String bad :
                List.of("status=great", "from=yesterday", "from=2026-02-01&to=2026-01-01", "job=nowhere", "job=..")) {
            HtmlPage page = atShop("dave", "history?" + bad);
            assertEquals(1, page.getByXPath("//div[@role='alert']").size(), bad);
            assertEquals(List.of(), listed(page), bad);
        }
    }

    @Test
    void nobodySeesDeploymentsOfJobsThatTheyMayNotRead() throws Exception {
        WorkflowRun secret = blocked(j, deploy, "alice");
        var before = j.jenkins.getAuthorizationStrategy();
        try {
            j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ)
                    .everywhere()
                    .toEveryone()
                    .grant(Item.DISCOVER)
                    .everywhere()
                    .to("bob")
                    .grant(Jenkins.ADMINISTER)
                    .everywhere()
                    .to("alice"));
            for (String tab :
                    List.of("", "blocked", "environments", "history", "history?job=" + deploy.getFullName())) {
                HtmlPage page = at("bob", "deployments/" + tab);
                assertFalse(listed(page).contains(id(secret)), tab);
                assertThat(page.asNormalizedText(), not(containsString("1.4.2")));
            }
            assertTrue(listed(at("alice", "deployments/blocked")).contains(id(secret)));
            assertEquals(0, count(ExtensionList.lookupSingleton(DeploymentsLink.class), "bob"));
            WebClient bob = as("bob");
            assertEquals(
                    403,
                    bob.goTo(shop.getUrl() + "deployments/").getWebResponse().getStatusCode());
        } finally {
            j.jenkins.setAuthorizationStrategy(before);
        }
        secret.doStop();
    }

    @Test
    void hostileTextsStayTexts() throws Exception {
        String hostile = "<script>alert(1)</script>\"'&";
        WorkflowJob job =
                pipelineIn(shop, "hostile", "deploymentGate environment: 'production', version: '''" + hostile + "'''");
        WorkflowRun build = blocked(j, job, "alice");
        HtmlPage page = atShop("bob", "");
        assertThat(page.asNormalizedText(), containsString(hostile));
        for (String tab : List.of("history", "environments")) {
            String address = tab + "?search=" + java.net.URLEncoder.encode(hostile, "UTF-8") + "&requester="
                    + java.net.URLEncoder.encode(hostile, "UTF-8");
            assertThat(
                    atShop("bob", address).getWebResponse().getContentAsString(), not(containsString("<script>alert")));
        }
        build.doStop();
    }
}
