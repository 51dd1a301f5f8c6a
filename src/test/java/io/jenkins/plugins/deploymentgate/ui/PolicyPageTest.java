package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.config.DatedFreeze;
import io.jenkins.plugins.deploymentgate.config.DeploySourceConfig;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.config.WeeklyFreeze;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.Page;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What protects a job, where each part of that comes from, and what it means for somebody. */
class PolicyPageTest extends PageTestCase {

    private Folder team;
    private WorkflowJob job;

    @BeforeEach
    void twoScopes() throws Exception {
        team = folder(null, "team-" + System.nanoTime());
        job = pipelineIn(team, "shop", "deploymentGate 'production'");
        DeploymentGateConfiguration.get().setEnvironments(List.of(environment("prod*", 1, "bob")));
        ProtectedEnvironment stricter = environment("production", 2, "carol", "dave");
        stricter.setDeployAccess(List.of(new UserApprover("alice")));
        stricter.setDeadlineMinutes(90);
        protectIn(team, stricter, environment("open", 0));
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(DeploymentPermissions.MANAGE)
                .onFolders(team)
                .to("mia")
                .grant(Item.EXTENDED_READ)
                .onFolders(team)
                .to("rita")
                .grant(DeploymentPermissions.OVERRIDE)
                .everywhere()
                .to("dave")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root"));
    }

    private HtmlPage policy(String user, String query) throws Exception {
        return as(user).getPage(job, "deployments/policy" + query);
    }

    private static List<String> rows(HtmlPage page) {
        return page.querySelectorAll("table.jenkins-table tbody tr").stream()
                .map(DomNode::asNormalizedText)
                .map(text -> text.replaceAll("\\s+", " "))
                .toList();
    }

    private static List<String> trial(HtmlPage page) {
        return page.querySelectorAll(".jenkins-alert-info li").stream()
                .map(DomNode::asNormalizedText)
                .toList();
    }

    private String trialOf(String user) throws Exception {
        return String.join(" ", trial(policy("mia", "?environment=production&user=" + user)));
    }

    @Test
    void eachPartIsShownWithWhereItComesFrom() throws Exception {
        HtmlPage page = policy("mia", "?environment=production");
        assertEquals(
                List.of(
                        "prod* prod*: 1 approval from bob Requesters cannot approve their own deployments Deadline: 28"
                                + " days Jenkins",
                        "production " + team.getName()
                                + ":production: 2 approvals from carol, dave Only alice can deploy Requesters cannot"
                                + " approve their own deployments Deadline: 1 hr 30 min " + team.getName()),
                rows(page));
        assertThat(page.asNormalizedText(), containsString("A deployment needs 3 approvals in total."));
        assertEquals(1, page.querySelectorAll("table a").size(), "only the page that she may see is linked");
        assertEquals(
                2,
                policy("root", "?environment=production")
                        .querySelectorAll("table a")
                        .size());
        assertEquals(3, rows(policy("mia", "")).size());
        assertThat(
                policy("mia", "?environment=nowhere").asNormalizedText(), containsString("No protected environments"));
    }

    @Test
    void theTryOutSaysWhoCouldDeployAndApproveAndWhy() throws Exception {
        assertEquals(
                "carol cannot deploy to production. Denied by: " + team.getName()
                        + ". carol can approve for " + team.getName()
                        + ":production. carol cannot approve their own deployments. carol cannot override the policy.",
                trialOf("carol"));
        assertThat(trialOf("alice"), containsString("alice can deploy to production. alice cannot approve"));
        assertThat(trialOf("dave"), containsString("dave can override the policy."));
        assertThat(
                String.join(" ", trial(policy("mia", "?environment=typo&user=bob"))),
                containsString("All builds fail at a gate to typo"));
        trialOf("someone-new");
        assertNull(User.getById("someone-new", false), "to ask for somebody does not make a user");
    }

    @Test
    void theTryOutSaysFromWhereTheBuildsOfTheJobDeployAndWhetherThatIsAccepted() throws Exception {
        DeploySourceConfig here = new DeploySourceConfig();
        here.setJob(team.getName() + "/*");
        ProtectedEnvironment wide = environment("prod*", 1, "bob");
        wide.setDeployFrom(List.of(here));
        DeploymentGateConfiguration.get().setEnvironments(List.of(wide));
        assertThat(
                trialOf("alice"),
                containsString("production accepts builds of this job, which deploy from job " + job.getFullName()));
        DeploySourceConfig main = new DeploySourceConfig();
        main.setBranch("main");
        ProtectedEnvironment narrow = environment("production", 1, "bob");
        narrow.setDeployFrom(List.of(main));
        protectIn(team, narrow);
        assertThat(
                trialOf("alice"),
                containsString("production does not accept builds of this job, which deploy from job "
                        + job.getFullName() + ". Denied by: " + team.getName() + ". Required: branch main."));
    }

    @Test
    void whoIsNamedByALevelIsFoundByTheirPermissions() throws Exception {
        ProtectedEnvironment maintained = environment("production", 1);
        maintained.setApprovers(List.of(new AccessLevelApprover(60)));
        protectIn(job, maintained);
        assertThat(trialOf("root"), containsString("root can approve for " + job.getFullName() + ":production."));
        assertThat(trialOf("alice"), containsString("alice cannot approve"));
    }

    @Test
    void onlyThoseWhoManageTryOutAndOnlyThoseWhoMayLookSeeIt() throws Exception {
        HtmlPage reader = policy("rita", "?environment=production&user=carol");
        assertEquals(2, rows(reader).size());
        assertEquals(List.of(), trial(reader));
        assertNull(reader.getElementById("policy-user"));
        assertEquals(404, code(as("bob").<Page>getPage(new URL(j.getURL(), job.getUrl() + "deployments/policy"))));
        assertThat(as("bob").getPage(job, "deployments/").asNormalizedText(), not(containsString("Policy")));
        assertThat(as("rita").getPage(job, "deployments/").asNormalizedText(), containsString("Policy"));
        assertEquals(404, code(as("mia").<Page>getPage(new URL(j.getURL(), "deployments/policy"))));
        assertEquals(1, rows(as("root").goTo("deployments/policy")).size());
        assertEquals(
                2,
                rows(as("mia").getPage(team, "deployments/policy?environment=production"))
                        .size());
    }

    @Test
    void everyKindOfDemandIsSaidInWords() throws Exception {
        ProtectedEnvironment all = new ProtectedEnvironment("all");
        all.setRequiredApprovals(0);
        DeploySourceConfig main = new DeploySourceConfig();
        main.setBranch("main");
        DeploySourceConfig pullRequests = new DeploySourceConfig();
        pullRequests.setPullRequest(true);
        all.setDeployFrom(List.of(main, pullRequests));
        all.setAllowAutomated(false);
        all.setAllowUnknownRequesters(true);
        all.setAllowSelfApproval(true);
        all.setPreventAuthorApproval(true);
        all.setCommentToApprove(true);
        all.setCommentToReject(true);
        all.setWaitMinutes(5);
        all.setInstructions("Look <b>twice</b>");
        all.setFreezeWindows(List.of(
                new WeeklyFreeze("FRIDAY", "18:00", "MONDAY", "08:00", "Europe/Berlin"),
                new DatedFreeze("2026-12-24T12:00", "2027-01-02T00:00", "UTC")));
        DeploymentGateConfiguration.get().setEnvironments(List.of(all));
        String row = rows(as("root").goTo("deployments/policy")).get(0);
        assertEquals(
                "all No approval needed Deployments only from branch main or any pull request No deployments started by automation only Deployments with unknown requesters"
                        + " allowed Requesters can approve their own deployments Authors of the changes cannot approve"
                        + " Comment required to approve Comment required to reject Deadline: 28 days Wait time: 5 min 0"
                        + " sec Weekly freeze window: Friday 18:00 to Monday 08:00 (Europe/Berlin) Freeze window: Dec 24,"
                        + " 2026, 12:00 PM to Jan 2, 2027, 12:00 AM (UTC) Instructions: Look <b>twice</b> Jenkins",
                row.replace('\u202f', ' '));
    }
}
