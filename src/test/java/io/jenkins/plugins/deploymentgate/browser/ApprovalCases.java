package io.jenkins.plugins.deploymentgate.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** What approvers do, with the windows that they have. */
abstract class ApprovalCases extends BrowserCases {

    /** Pages look every five seconds. */
    private static final LocatorAssertions.ContainsTextOptions FOLLOWED =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000).setIgnoreCase(true);

    private static final LocatorAssertions.IsVisibleOptions SEEN =
            new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);

    private static Locator main(Visitor visitor) {
        return visitor.page().locator("#main-panel");
    }

    private static Locator button(Visitor visitor, String name) {
        return visitor.page()
                .getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void twoPeopleApproveOneAfterTheOtherAndTheBuildGoesOn() throws Exception {
        WorkflowRun build = waiting("two");
        Visitor bob = visitor("bob");
        Visitor carol = visitor("carol");

        bob.at("deployments/");
        assertThat(main(bob)).containsText(build.getParent().getName());
        bob.atDeployments(build);
        assertThat(main(bob)).containsText("Blocked, waiting for approval");
        bob.write("Comment", "The canary is healthy");
        bob.press("Approve");
        assertThat(main(bob)).containsText("You approved this deployment.");
        assertThat(button(bob, "Approve")).hasCount(0);

        carol.atDeployments(build);
        assertThat(main(carol)).containsText("The canary is healthy");
        assertThat(main(carol)).containsText("1 of 2");
        carol.press("Approve");
        ended(j, Result.SUCCESS, build);
        carol.atDeployments(build);
        assertThat(main(carol)).containsText("Successful");
        assertThat(button(carol, "Approve")).hasCount(0);
        bob.atDeployments(build);
        assertThat(main(bob)).containsText("2 of 2");
        bob.at(build.getParent().getUrl() + "deployments/history");
        assertThat(main(bob)).containsText("Successful");
    }

    @Test
    void oneRejectsBehindAConfirmationAndThatIsTheEnd() throws Exception {
        WorkflowRun build = waiting("two");
        Visitor bob = visitor("bob");
        bob.atDeployments(build);
        bob.write("Comment", "Not on a Friday");
        assertThat(button(bob, "Reject this deployment")).isHidden();
        bob.open("Reject…");
        bob.press("Reject this deployment");
        ended(j, Result.FAILURE, build);
        assertEquals(EndReason.DEPLOYMENT_REJECTED, latest(build).endReason());
        bob.atDeployments(build);
        assertThat(main(bob)).containsText("Rejected");
        assertThat(main(bob)).containsText("Not on a Friday");
    }

    @Test
    void anApprovalIsWithdrawnAndGivenAgain() throws Exception {
        WorkflowRun build = waiting("two");
        Visitor bob = visitor("bob");
        bob.atDeployments(build);
        bob.press("Approve");
        bob.press("Withdraw my approval");
        assertThat(main(bob)).containsText("withdrew the approval");
        assertThat(main(bob)).containsText("0 of 2");
        assertEquals(List.of(), latest(build).approvals());
        bob.press("Approve");
        assertThat(main(bob)).containsText("1 of 2");
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void anAdministratorOverridesWithAReasonAndOthersCannot() throws Exception {
        WorkflowRun build = waiting("two");
        Visitor bob = visitor("bob");
        bob.atDeployments(build);
        assertThat(bob.page().getByText("Override the policy…")).hasCount(0);
        Visitor root = visitor("root");
        root.atDeployments(build);
        root.open("Override the policy…");
        root.press("Override and release");
        assertEquals(Status.BLOCKED, latest(build).status(), "the browser asks for the reason first");
        root.write("Reason (required)", "The shop is down");
        root.press("Override and release");
        ended(j, Result.SUCCESS, build);
        bob.atDeployments(build);
        assertThat(main(bob)).containsText("overrode the policy and released the deployment");
        assertThat(main(bob)).containsText("The shop is down");
    }

    @Test
    void severalAreApprovedFromTheDesk() throws Exception {
        WorkflowRun first = waiting("production");
        WorkflowRun second = waiting("production");
        Visitor carol = visitor("carol");
        carol.at("deployments/");
        for (WorkflowRun build : List.of(first, second)) {
            // The box itself is drawn by its label.
            carol.page()
                    .getByRole(AriaRole.ROW)
                    .filter(new Locator.FilterOptions().setHasText(build.getFullDisplayName()))
                    .getByRole(AriaRole.CHECKBOX)
                    .check(new Locator.CheckOptions().setForce(true));
        }
        carol.write("Comment for all selected deployments", "Both are fine");
        carol.press("Approve selected");
        ended(j, Result.SUCCESS, first);
        ended(j, Result.SUCCESS, second);
        assertEquals("Both are fine", latest(first).approvals().get(0).comment());
    }

    @Test
    void whoeverWatchesSeesTheVoteOfAnother() throws Exception {
        WorkflowRun build = waiting("two");
        Visitor bob = visitor("bob");
        Visitor carol = visitor("carol");
        bob.atDeployments(build);
        carol.atDeployments(build);
        carol.write("Comment", "I am still writing");
        approve(build, "dave");
        assertThat(main(bob)).containsText("Dave approved", FOLLOWED);
        assertThat(main(bob)).containsText("1 of 2");
        assertThat(carol.page().getByText("This page has changed.")).isVisible(SEEN);
        assertThat(carol.page().getByLabel("Comment", new Page.GetByLabelOptions().setExact(true)))
                .hasValue("I am still writing");
        bob.press("Approve");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void someoneWhoMayNotVoteIsToldWhy() throws Exception {
        WorkflowRun build = waiting("production");
        Visitor alice = visitor("alice");
        alice.atDeployments(build);
        assertThat(main(alice)).containsText("You cannot vote:");
        assertThat(button(alice, "Approve")).hasCount(0);
    }
}
