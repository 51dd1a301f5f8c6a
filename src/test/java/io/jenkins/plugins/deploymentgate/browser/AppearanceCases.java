package io.jenkins.plugins.deploymentgate.browser;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.CheckedNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page for everybody: small windows, dark ones, from right to left, by keyboard, without scripts. */
abstract class AppearanceCases extends BrowserCases {

    private static final int DESK = 1280;
    private static final int TABLET = 768;
    private static final int PHONE = 375;
    private static final int HEIGHT = 900;

    /** What core draws on its own pages in the same way. */
    private static final List<String> CORES_OWN = List.of(
            // The header with its breadcrumbs, whose menus are labelled on elements that can have no label.
            "#page-header",
            // The side panel, with the queue and the executors.
            "#side-panel",
            "footer",
            // The text below the heading, in a colour of core's that is a little too light.
            ".jenkins-page-description",
            // Core's form controls: labels that belong to no field, and help buttons with a tabindex.
            "form[name=config]",
            "form[name=retention]",
            // The selected tab and the others, in core's colours.
            ".tabBar");

    /** Core's frame of a page says no language, and does not say which part is the main one. */
    private static final List<String> CORES_RULES = List.of("html-has-lang", "landmark-one-main", "region");

    static Stream<Gallery.Exhibit> exhibits() throws Exception {
        return gallery().exhibits().stream();
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void aPageIsAccessibleInBothThemesAndFitsEveryWindow(Gallery.Exhibit exhibit) throws Exception {
        Page page = visitor(exhibit.user()).at(exhibit.address());
        page.evaluate(
                "() => document.querySelectorAll('.deployment-gate-live__notice').forEach(notice => notice.hidden ="
                        + " false)");
        assertEquals(List.of(), violations(axe(page)), exhibit.name());
        Theme.DARK.paint(page);
        assertEquals(List.of(), violations(axe(page).withRules(List.of("color-contrast"))), exhibit + " in the dark");
        Theme.LIGHT.paint(page);
        for (int width : List.of(DESK, TABLET, PHONE)) {
            page.setViewportSize(width, HEIGHT);
            Layout.assertFits(page, "in a window of " + width);
            Layout.assertFitsFromRightToLeft(page, "in a window of " + width);
        }
    }

    private static AxeBuilder axe(Page page) {
        AxeBuilder axe = new AxeBuilder(page).setLegacyMode(true).disableRules(CORES_RULES);
        CORES_OWN.forEach(axe::exclude);
        return axe;
    }

    private static List<String> violations(AxeBuilder axe) {
        return axe.analyze().getViolations().stream()
                .flatMap(rule -> rule.getNodes().stream().map(node -> rule.getId() + ": " + describe(node)))
                .toList();
    }

    private static String describe(CheckedNode node) {
        return node.getTarget() + " " + node.getHtml() + " " + node.getFailureSummary();
    }

    @Test
    void somebodyApprovesByKeyboardAlone() throws Exception {
        WorkflowRun build = waiting("production");
        Visitor bob = visitor("bob");
        bob.atDeployments(build);
        bob.skipToContent();
        bob.tabTo("Comment");
        bob.page().keyboard().type("By hand");
        bob.tabTo("Approve");
        bob.page().keyboard().press("Enter");
        ended(j, Result.SUCCESS, build);
        assertEquals("By hand", latest(build).approvals().get(0).comment());
    }

    @Test
    void somebodyRejectsByKeyboardAlone() throws Exception {
        WorkflowRun build = waiting("production");
        Visitor bob = visitor("bob");
        bob.atDeployments(build);
        bob.skipToContent();
        bob.tabTo("Reject…");
        bob.page().keyboard().press("Enter");
        bob.tabTo("Reject this deployment");
        bob.page().keyboard().press("Enter");
        ended(j, Result.FAILURE, build);
        assertEquals(EndReason.DEPLOYMENT_REJECTED, latest(build).endReason());
    }

    @Test
    void votesAreTakenFromABrowserWithoutScripts() throws Exception {
        WorkflowRun good = waiting("production");
        WorkflowRun bad = waiting("production");
        visitor("bob");
        Visitor bob = visitor("bob", new Browser.NewContextOptions().setJavaScriptEnabled(false));
        bob.atDeployments(good);
        bob.write("Comment", "Plainly");
        bob.press("Approve");
        ended(j, Result.SUCCESS, good);
        assertEquals("Plainly", latest(good).approvals().get(0).comment());
        bob.atDeployments(bad);
        bob.open("Reject…");
        bob.press("Reject this deployment");
        ended(j, Result.FAILURE, bad);
    }

    @Test
    void whoeverWatchesThePolicyWouldSeeABreach() throws Exception {
        Visitor bob = visitor("bob");
        bob.at("deployments/")
                .evaluate("() => document.body.append(Object.assign(document.createElement('script'), {text: '1'}))");
        // Once from the browser and once from the event.
        bob.page().waitForCondition(() -> bob.complaints().size() == 2);
        bob.complaints().clear();
    }
}
