package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.properties.AuthorizationMatrixProperty;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.security.ACLContext;
import hudson.security.ProjectMatrixAuthorizationStrategy;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.World;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.matrixauth.AuthorizationType;
import org.jenkinsci.plugins.matrixauth.PermissionEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule.WebClient;

/** The pages of the scopes: who sees and saves them, what they show, and what they refuse. */
class ScopePageTest extends ScopePageTestCase {

    @ParameterizedTest
    @CsvSource({
        "root,      true,  true,  true,  true,  true,  true",
        "gina,      true,  true,  true,  true,  true,  true",
        "mona,      true,  true,  false, false, false, false",
        "otto,      false, false, true,  true,  false, false",
        "connie,    true,  false, true,  false, false, false",
        "rita,      false, false, false, false, true,  false",
        "alice,     false, false, false, false, false, false",
        "anonymous, false, false, false, false, false, false"
    })
    void whoSeesAndWhoSaves(
            String user,
            boolean seesTeam,
            boolean savesTeam,
            boolean seesOther,
            boolean savesOther,
            boolean seesJenkins,
            boolean savesJenkins)
            throws Exception {
        assertAccess(user, team.getUrl(), ItemScope.of(team), seesTeam, savesTeam);
        assertAccess(user, deploy.getUrl(), ItemScope.of(deploy), seesTeam, savesTeam);
        assertAccess(user, other.getUrl(), ItemScope.of(other), seesOther, savesOther);
        assertAccess(user, "manage/", DeploymentGateConfiguration.get(), seesJenkins, savesJenkins);
    }

    private static void assertAccess(String user, String address, ProtectionScope scope, boolean sees, boolean saves)
            throws Exception {
        String where = user + " at " + address;
        WebClient browser = as(user);
        // People who are not logged in are led to the login, and what is saved leads back to the item.
        browser.getOptions().setRedirectEnabled(false);
        browser.setRefreshHandler((page, target, seconds) -> {});
        HtmlPage page = browser.getPage(new URL(j.getURL(), address + PAGE));
        assertEquals(sees ? 200 : 403, page.getWebResponse().getStatusCode(), where);
        assertEquals(sees, !page.getElementsByName("config").isEmpty(), where);
        assertEquals(saves, !page.getElementsByName("Submit").isEmpty(), where);
        List<String> before = names(scope);
        int code = save(user, address, "{\"environments\": {\"name\": \"saved\"}}")
                .getWebResponse()
                .getStatusCode();
        assertEquals(saves ? List.of("saved") : before, names(scope), where);
        assertEquals(saves ? 302 : 403, code, where);
    }

    @Test
    void getSavesNothing() throws Exception {
        int code = as("root")
                .goTo(team.getUrl() + PAGE + "save?json=%7B%7D", null)
                .getWebResponse()
                .getStatusCode();
        assertTrue(code == 404 || code == 405, "was " + code);
        assertEquals(List.of("production"), names(ItemScope.of(team)));
    }

    @Test
    void theLinkIsShownToThoseWhoMaySeeThePage() throws Exception {
        for (Item item : List.of(team, deploy)) {
            for (String user : List.of("mona", "connie", "root")) {
                assertNotNull(link(user, item), user);
            }
            for (String user : List.of("otto", "rita", "alice", "anonymous")) {
                assertNull(link(user, item), user);
            }
        }
        FreeStyleProject classic = j.createFreeStyleProject();
        assertNull(link("root", classic), "no pipeline runs there");
    }

    private static Object link(String user, Item item) throws Exception {
        HtmlPage page = as(user).getPage(item);
        return page.getAnchors().stream()
                .filter(anchor -> anchor.getHrefAttribute().matches(".*/protected-environments/?"))
                .findFirst()
                .orElse(null);
    }

    @Test
    void theFormOfAFolderSavesWhatItShowsAndWhatIsChanged() throws Exception {
        String before = Jenkins.XSTREAM2.toXML(ItemScope.of(team).getEnvironments());
        j.submit(form("mona", team.getUrl()));
        assertEquals(before, Jenkins.XSTREAM2.toXML(ItemScope.of(team).getEnvironments()));
        HtmlForm form = form("mona", team.getUrl());
        form.getInputsByName("_.requiredApprovals").get(0).setValue("1");
        HtmlPage after = j.submit(form);
        assertTrue(after.getUrl().getPath().endsWith(team.getUrl()), "back to the folder");
        assertEquals(1, ItemScope.of(team).getEnvironments().get(0).getRequiredApprovals());
    }

    @Test
    void whoManagesAllOfJenkinsWithoutSeeingItsOtherPagesStaysOnThePage() throws Exception {
        HtmlForm form = form("gina", "manage/");
        form.getInputsByName("_.name").get(0).setValue("prod");
        HtmlPage after = j.submit(form);
        assertEquals(200, after.getWebResponse().getStatusCode());
        assertTrue(after.getUrl().getPath().endsWith("/manage/protected-environments/"));
        assertEquals(List.of("prod"), names(DeploymentGateConfiguration.get()));
    }

    @Test
    void badInputSavesNothing() throws Exception {
        String before = Jenkins.XSTREAM2.toXML(ItemScope.of(team).getEnvironments());
        for (String[] bad : new String[][] {
            {"{\"environments\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}", "has two entries"},
            {"{\"environments\": {\"name\": \"a\", \"requiredApprovals\": \"-1\"}}", "between 0 and 100"},
            {"{\"environments\": {\"name\": \"a\", \"requiredApprovals\": \"many\"}}", "not a whole number"},
            {"{\"environments\": {\"name\": \"<b>\"}}", "may contain letters"}
        }) {
            Page answer = save("mona", team.getUrl(), bad[0]);
            assertThat(answer.getWebResponse().getContentAsString(), containsString(bad[1]));
            assertEquals(before, Jenkins.XSTREAM2.toXML(ItemScope.of(team).getEnvironments()), bad[0]);
        }
    }

    @Test
    void thePageShowsWhatWiderScopesProtect() throws Exception {
        protect("staging", 1, "bob");
        protectIn(deploy, environment("qa", 0));
        String table = page("mona", deploy).getHtmlElementById("wider-scopes").asNormalizedText();
        assertThat(table, containsString("staging\tJenkins"));
        assertThat(table, containsString("production\tteam"));
        assertThat(table, not(containsString("qa")));
        HtmlPage atTheTop = page("mona", team);
        assertThat(
                atTheTop.getHtmlElementById("wider-scopes").asNormalizedText(),
                not(containsString("production\tteam")));
        DeploymentGateConfiguration.get().setEnvironments(List.of());
        assertThat(page("mona", team).asXml(), not(containsString("wider-scopes")));
    }

    @Test
    void theChecksAnswerThoseWhoManageThatItemOnly() throws Exception {
        assertEquals(FormValidation.Kind.ERROR, check("mona", team));
        assertEquals(FormValidation.Kind.ERROR, check("mona", deploy));
        assertEquals(FormValidation.Kind.OK, check("mona", other));
        assertEquals(FormValidation.Kind.OK, check("mona", null));
        assertEquals(FormValidation.Kind.OK, check("connie", team));
        assertEquals(FormValidation.Kind.ERROR, check("gina", null));
        String path = team.getUrl() + "descriptorByName/" + ProtectedEnvironment.class.getName() + "/checkName";
        WebClient browser = as("mona");
        WebRequest request = new WebRequest(new URL(j.getURL(), path), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair("value", "<b>")));
        browser.addCrumb(request);
        assertThat(
                browser.getPage(request).getWebResponse().getContentAsString(),
                containsString("The name may contain letters"));
        HtmlForm form = form("mona", team.getUrl());
        assertThat(
                "the form asks below the item",
                form.getInputsByName("_.name").get(0).getAttribute("checkUrl"),
                containsString(team.getUrl() + "descriptorByName/"));
    }

    private static FormValidation.Kind check(String user, Item item) {
        try (ACLContext ignored = World.actingAs(user)) {
            FormValidation.Kind kind = j.jenkins
                    .getDescriptorByType(ProtectedEnvironment.DescriptorImpl.class)
                    .doCheckName(item, "<b>")
                    .kind;
            assertEquals(
                    kind,
                    j.jenkins
                            .getDescriptorByType(ApprovalRuleConfig.DescriptorImpl.class)
                            .doCheckRequiredApprovals(item, "0")
                            .kind);
            assertEquals(
                    kind,
                    j.jenkins
                            .getDescriptorByType(GroupApprover.DescriptorImpl.class)
                            .doCheckName(item, "authenticated")
                            .kind);
            assertEquals(
                    kind,
                    j.jenkins
                            .getDescriptorByType(UserApprover.DescriptorImpl.class)
                            .doCheckId(item, " ")
                            .kind);
            return kind;
        }
    }

    @Test
    void theMatrixOfAFolderCanGrantThePermission() throws Exception {
        ProjectMatrixAuthorizationStrategy matrix = new ProjectMatrixAuthorizationStrategy();
        matrix.add(Jenkins.READ, new PermissionEntry(AuthorizationType.USER, "mona"));
        matrix.add(Item.READ, new PermissionEntry(AuthorizationType.USER, "mona"));
        AuthorizationMatrixProperty property = new AuthorizationMatrixProperty(List.of());
        property.add(DeploymentPermissions.MANAGE, new PermissionEntry(AuthorizationType.USER, "mona"));
        try {
            j.jenkins.setAuthorizationStrategy(matrix);
            team.addProperty(property);
            assertEquals(200, page("mona", team).getWebResponse().getStatusCode());
            assertEquals(403, page("mona", other).getWebResponse().getStatusCode());
        } finally {
            team.getProperties().remove(property);
            j.jenkins.setAuthorizationStrategy(strategy());
        }
    }
}
