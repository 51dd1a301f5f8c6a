package io.jenkins.plugins.deploymentgate.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.WaitForSelectorState;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;

/** Somebody with a browser of their own: cookies, size, theme. Writes down what the browser complains of. */
final class Visitor {

    private static final String REPORT_VIOLATIONS = """
        document.addEventListener('securitypolicyviolation', event =>
            console.error('Broken policy: ' + event.violatedDirective + ' by ' + event.blockedURI + ' ' + event.sample));
        """;

    private static final String FOCUSED = """
        () => {
          const element = document.activeElement;
          return (element.labels && element.labels.length ? element.labels[0] : element).textContent.trim();
        }
        """;
    private static final int MOST_STOPS = 60;

    private final BrowserContext context;
    private final String root;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    Visitor(BrowserContext context, String root) {
        this.context = context;
        this.root = root;
        context.setDefaultTimeout(15_000);
        context.addInitScript(REPORT_VIOLATIONS);
        page = context.newPage();
        page.onConsoleMessage(this::listen);
        page.onPageError(error -> complaints.add("Error in a script: " + error));
        page.onDialog(dialog -> {
            complaints.add("A dialog: " + dialog.message());
            dialog.dismiss();
        });
    }

    private void listen(ConsoleMessage message) {
        // Answers such as 403 and 409 are what some tests want.
        if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
            complaints.add(page.url() + ": " + message.text());
        }
    }

    /** @return what the browser keeps of it, for other browsers */
    String logIn(String user) {
        page.navigate(root + "login");
        page.locator("[name=j_username]").fill(user);
        page.locator("[name=j_password]").fill(user);
        page.locator("[name=Submit]").click();
        page.locator("[name=j_username]").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        return context.storageState();
    }

    Page page() {
        return page;
    }

    /** Goes to an address below Jenkins' root and waits until its scripts have run. */
    Page at(String address) {
        Response response = page.navigate(root + address);
        assertTrue(
                response.headers().containsKey("content-security-policy"), "the policy is not in force at " + address);
        page.waitForLoadState(LoadState.LOAD);
        return page;
    }

    Page atDeployments(Run<?, ?> build) {
        return at(build.getUrl() + "deployment-gate/");
    }

    void press(String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
        page.waitForLoadState(LoadState.LOAD);
    }

    /** Goes past the header with the link that core has for it. The menus there open when they have the focus. */
    void skipToContent() {
        tabTo("Skip to content");
        page.keyboard().press("Enter");
    }

    /** Presses the tabulator until something with this label or text has the focus. */
    void tabTo(String name) {
        List<String> passed = new ArrayList<>();
        while (passed.size() < MOST_STOPS) {
            page.keyboard().press("Tab");
            String focused = (String) page.evaluate(FOCUSED);
            if (focused.equals(name)) {
                return;
            }
            passed.add(focused);
        }
        throw new AssertionError("The tabulator does not lead to " + name + " but to " + passed);
    }

    /** Opens what is behind a summary. */
    void open(String summary) {
        page.locator("summary")
                .filter(new Locator.FilterOptions().setHasText(summary))
                .click();
    }

    void write(String label, String text) {
        page.getByLabel(label, new Page.GetByLabelOptions().setExact(true)).fill(text);
    }

    /** What stands in the main part of the page, as a person reads it. */
    String reads() {
        return page.locator("#main-panel").innerText();
    }

    void leave() {
        context.close();
    }

    /** What the browser has complained of, to be cleared by whoever has wanted that. */
    List<String> complaints() {
        return complaints;
    }

    void assertNoComplaints() {
        assertEquals(List.of(), complaints);
    }
}
