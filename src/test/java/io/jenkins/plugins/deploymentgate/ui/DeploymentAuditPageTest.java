package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.audit.LedgerExport;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.access.AccessDeniedException;

/** The page of the audit ledger, and what it warns of. */
@WithJenkins
class DeploymentAuditPageTest extends PageTestCase {

    @BeforeEach
    void allowAuditorToSeeTheSystem() {
        MockAuthorizationStrategy strategy = (MockAuthorizationStrategy) j.jenkins.getAuthorizationStrategy();
        strategy.grant(Jenkins.SYSTEM_READ).everywhere().to("auditor");
        strategy.grant(Item.READ).everywhere().to("auditor");
    }

    @AfterEach
    void heal() throws Exception {
        Ledger.heal();
        Ledger.catchUp();
    }

    private static String url(String rest) {
        return "manage/deployment-audit/" + rest;
    }

    private static HtmlPage audit(String user, String query) throws Exception {
        return as(user).goTo(url(query));
    }

    private static int get(String user, String rest) throws Exception {
        return code(as(user).goTo(url(rest), null));
    }

    private static int post(String user, String method) throws Exception {
        WebClient browser = as(user);
        WebRequest request = new WebRequest(new URL(j.getURL(), url(method)), HttpMethod.POST);
        browser.addCrumb(request);
        return code(browser.getPage(request));
    }

    private WorkflowRun passed(String comment) throws Exception {
        WorkflowRun build = waiting("production");
        vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, comment);
        return ended(j, Result.SUCCESS, build);
    }

    @Test
    void everyRoleSeesAndDoesWhatItMay() throws Exception {
        record Row(String user, int see, int export, int verify, int retention) {}
        for (Row row : List.of(
                new Row(null, 403, 403, 403, 403),
                new Row("alice", 403, 403, 403, 403),
                new Row("bob", 403, 403, 403, 403),
                new Row("auditor", 200, 200, 403, 403),
                new Row("root", 200, 200, 200, 400))) {
            String who = String.valueOf(row.user());
            assertEquals(row.see(), get(row.user(), ""), who);
            assertEquals(row.export(), get(row.user(), "export?format=csv"), who);
            assertEquals(row.verify(), post(row.user(), "verify"), who);
            assertEquals(row.retention(), post(row.user(), "retention"), who + ", without a form");
        }
        assertThat(audit("root", "").getWebResponse().getContentAsString(), containsString("name=\"verify\""));
        assertThat(audit("auditor", "").getWebResponse().getContentAsString(), not(containsString("name=\"verify\"")));
        assertEquals(405, get("root", "verify"), "only by POST");
    }

    @Test
    void aVoteOnThePageIsShownWithItsAddressAndCanBeFound() throws Exception {
        WorkflowRun build = waiting("production");
        press(form(page("bob", build), build), "approved", "<script>alert(1)</script> fine");
        ended(j, Result.SUCCESS, build);
        LedgerEntry entry = Ledger.entries().stream()
                .filter(candidate -> candidate.event().comment().contains("<script>"))
                .findFirst()
                .orElseThrow();
        assertEquals(LedgerEvent.Means.PAGE, entry.event().origin().means());
        assertEquals("127.0.0.1", entry.event().origin().address());
        String job = build.getParent().getFullName();
        HtmlPage page = audit("auditor", "?event=approved&job=" + job + "&person=BOB&environment=prod");
        assertEquals(1, page.querySelectorAll("tr[data-seq]").size());
        String text = page.querySelector("tr[data-seq]").asNormalizedText();
        assertThat(text, containsString("approved\tbob\tpage 127.0.0.1\tproduction\t" + job + " #1"));
        assertThat(text, containsString("<script>alert(1)</script> fine"));
        assertEquals(
                0, page.getByXPath("//script[contains(text(), 'alert(1)')]").size());
        page.getAnchorByText(job + " #1").click();
        for (String nothing : List.of("event=rejected&job=" + job, "person=carol&job=" + job, "job=" + job + "x")) {
            HtmlPage empty = audit("auditor", "?" + nothing);
            assertEquals(0, empty.querySelectorAll("tr[data-seq]").size(), nothing);
            assertThat(empty.asNormalizedText(), containsString("No entries match."));
        }
        assertThat(audit("root", "?job=" + job).getElementById("audit-job").getAttribute("value"), containsString(job));
    }

    @Test
    void longLedgersAreReadPageByPage() throws Exception {
        for (int i = 0; i < 30; i++) {
            protect("paged", 1 + i % 2, "bob", "carol");
            protect("paged", 1, "carol", "dave", "bob");
        }
        HtmlPage first = audit("root", "?environment=paged");
        assertEquals(50, first.querySelectorAll("tr[data-seq]").size());
        HtmlPage second = first.getAnchorByText("Older entries").click();
        assertTrue(second.querySelectorAll("tr[data-seq]").size() > 5);
        assertThat(second.asNormalizedText(), containsString("environment_protected"));
        HtmlPage back = second.getAnchorByText("Latest entries").click();
        assertEquals(first.asNormalizedText(), back.asNormalizedText());
    }

    @Test
    void anExportHasWhatThePageHas() throws Exception {
        passed("exported");
        Page csv = as("auditor").goTo(url("export?format=csv&event=approved"), "text/csv");
        assertEquals(
                "attachment; filename=\"deployment-audit.csv\"",
                csv.getWebResponse().getResponseHeaderValue("Content-Disposition"));
        assertThat(csv.getWebResponse().getContentAsString(), containsString("\"exported\""));
        assertThat(csv.getWebResponse().getContentAsString(), not(containsString("\"blocked\"")));
        String month = Ledger.entries().get(0).recordedAt().toString().substring(0, 7);
        Page lines = as("auditor").goTo(url("export?format=jsonl&month=" + month), "application/jsonl");
        assertEquals(Files.readString(ledger(month)), lines.getWebResponse().getContentAsString(), "byte by byte");
        for (String wrong : List.of("", "format=xml", "format=csv&month=march", "format=csv&event=party")) {
            assertEquals(400, code(as("auditor").goTo(url("export?" + wrong), null)), wrong);
        }
    }

    private static Path ledger(String month) {
        return j.jenkins.getRootDir().toPath().resolve("deployment-gate/audit/" + month + ".jsonl");
    }

    private static boolean isWarned() {
        return ExtensionList.lookupSingleton(LedgerMonitor.class).isActivated();
    }

    @Test
    void aDamageIsFoundByTheButtonAndWarnedOfUntilItIsGone() throws Exception {
        passed("genuine");
        assertFalse(isWarned());
        verifyByButton("are as they were written");
        String month = Ledger.entries().get(0).recordedAt().toString().substring(0, 7);
        String good = Files.readString(ledger(month));
        Files.writeString(ledger(month), good.replace("\"genuine\"", "\"different\""));
        verifyByButton("was changed, or the key");
        assertTrue(isWarned());
        assertThat(as("root").goTo("manage/").asNormalizedText(), containsString("of the audit ledger was changed"));
        assertThat(
                audit("root", "?event=approved").asNormalizedText(),
                containsString("This entry was changed, or the key is a different one."));
        Files.writeString(ledger(month), good);
        verifyByButton("are as they were written");
        assertFalse(isWarned());
    }

    private static void verifyByButton(String outcome) throws Exception {
        HtmlForm form = audit("root", "").getFormByName("verify");
        j.submit(form);
        await().until(
                        () -> audit("root", "")
                                .getElementById("audit-verification")
                                .asNormalizedText(),
                        containsString(outcome));
    }

    @Test
    void anOutageIsWarnedOfAndExplainedUntilItIsOver() throws Exception {
        WorkflowRun build = waiting("production");
        WorkflowRun other = waiting("production");
        Ledger.fail();
        HtmlPage answer = press(form(page("bob", build), build), "approved", "in vain");
        assertEquals(503, code(answer));
        assertThat(
                answer.asNormalizedText(),
                containsString("not in force yet, because the audit ledger cannot be written"));
        assertTrue(isWarned());
        assertThat(as("root").goTo("manage/").asNormalizedText(), containsString("The audit ledger cannot be written"));
        assertThrows(LedgerUnavailableException.class, () -> approve(build, "bob"));
        HtmlForm several =
                as("bob").goTo(other.getParent().getUrl() + "deployments/").getFormByName("several");
        several.getInputsByName("id").forEach(box -> box.setChecked(true));
        HtmlPage answers = several.getButtonsByName("status").get(0).click();
        assertThat(
                answers.asNormalizedText(),
                containsString("not in force yet, because the audit ledger cannot be written"));
        Ledger.heal();
        Ledger.catchUp();
        assertFalse(isWarned());
        ended(j, Result.SUCCESS, build);
        ended(j, Result.SUCCESS, other);
    }

    /** A form of Jenkins needs its scripts. */
    private static HtmlForm retentionForm() throws Exception {
        WebClient browser = World.browser(j, "root");
        browser.setThrowExceptionOnFailingStatusCode(false);
        browser.getOptions().setJavaScriptEnabled(true);
        return browser.goTo(url("")).getFormByName("retention");
    }

    @Test
    void theRetentionIsSetOnThePageAndItsChangeIsRecorded() throws Exception {
        HtmlForm form = retentionForm();
        form.getInputByName("_.retentionMonths").setValue("24");
        j.submit(form);
        assertEquals("24", retentionForm().getInputByName("_.retentionMonths").getValue());
        LedgerEntry last = Ledger.entries().stream()
                .filter(entry -> entry.event().kind() == LedgerEvent.Kind.RETENTION_CHANGED)
                .reduce((first, second) -> second)
                .orElseThrow();
        assertEquals("root", last.event().user());
        assertEquals("{before=0, after=24}", last.event().details().toString());
        assertEquals(LedgerEvent.Means.PAGE, last.event().origin().means());
        HtmlForm wrong = retentionForm();
        wrong.getInputByName("_.retentionMonths").setValue("-1");
        assertEquals(400, code(j.submit(wrong)));
        form = retentionForm();
        form.getInputByName("_.retentionMonths").setValue("");
        j.submit(form);
        assertEquals("", retentionForm().getInputByName("_.retentionMonths").getValue());
    }

    @Test
    void nobodyGetsAtTheServiceAround() {
        try (ACLContext ignored = ACL.as2(Jenkins.ANONYMOUS2)) {
            for (Executable act : List.<Executable>of(
                    () -> LedgerService.get().months(),
                    () -> LedgerService.get().search(LedgerFilter.ALL, "", 1),
                    () -> LedgerService.get()
                            .export(LedgerFilter.ALL, LedgerExport.CSV, OutputStream.nullOutputStream()),
                    () -> LedgerService.get().startVerification(),
                    () -> LedgerService.get().verify(Optional.empty()),
                    () -> LedgerService.get().latest(),
                    () -> LedgerService.get().running())) {
                assertThrows(AccessDeniedException.class, act);
            }
        }
    }
}
