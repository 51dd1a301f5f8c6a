package io.jenkins.plugins.deploymentgate.unlock;

import static hudson.cli.CLICommandInvoker.Matcher.succeeded;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsDescriptor;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.cli.CLICommandInvoker;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Credentials of environments on pages, in commands, over REST and as code: who may change them, and what is never shown. */
@WithJenkins
class CredentialsManagementTest {

    private static final String STORE = "credentials/store/environment/";

    private static JenkinsRule j;
    private static Folder team;

    /** Mona configures the team and manages its credentials and deployments, Carl its credentials only, and Vera sees them. */
    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        team = folder(null, "team");
        j.jenkins.setCrumbIssuer(null);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root")
                .grant(
                        CredentialsProvider.VIEW,
                        CredentialsProvider.CREATE,
                        CredentialsProvider.UPDATE,
                        CredentialsProvider.DELETE,
                        CredentialsProvider.MANAGE_DOMAINS)
                .onFolders(team)
                .to("mona", "carl")
                .grant(DeploymentPermissions.MANAGE, Item.CONFIGURE)
                .onFolders(team)
                .to("mona")
                .grant(CredentialsProvider.VIEW)
                .onFolders(team)
                .to("vera"));
        Secrets.store(j.jenkins, "production", Secrets.ofEachType(""));
        Secrets.store(team, "production", Secrets.token("team-token"), Secrets.login("team-login"));
    }

    @AfterAll
    static void noSecretWasWritten() throws Exception {
        Secrets.assertNowhere(j.jenkins.getRootDir());
    }

    private static WebClient as(String user) throws Exception {
        WebClient browser = j.createWebClient();
        browser.setThrowExceptionOnFailingStatusCode(false);
        return browser.login(user);
    }

    private static Page post(WebClient browser, String path, String xml) throws Exception {
        WebRequest request = new WebRequest(new URL(j.getURL(), path), HttpMethod.POST);
        request.setAdditionalHeader("Content-Type", "application/xml");
        request.setRequestBody(xml);
        return browser.getPage(request);
    }

    private static String tokenXml(String id) {
        return """
            <org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl>
              <scope>GLOBAL</scope><id>%s</id><secret>%s</secret>
            </org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl>
            """.formatted(id, Secrets.TOKEN);
    }

    private static List<String> ids(CredentialsStore store, String environment) {
        return store.getCredentials(Secrets.domain(environment)).stream()
                .map(each -> ((BaseStandardCredentials) each).getId())
                .toList();
    }

    @Test
    void changingThemTakesThePermissionsOfBothPlugins() throws Exception {
        String production = team.getUrl() + STORE + "domain/production/";
        for (String user : List.of("carl", "vera")) {
            try (WebClient browser = as(user)) {
                assertEquals(
                        403,
                        post(browser, production + "createCredentials", tokenXml("theirs"))
                                .getWebResponse()
                                .getStatusCode());
                assertEquals(
                        403,
                        post(browser, team.getUrl() + STORE + "createDomain", "<x/>")
                                .getWebResponse()
                                .getStatusCode());
                assertEquals(
                        403,
                        browser.goTo(production + "credential/team-token/update")
                                .getWebResponse()
                                .getStatusCode());
                assertEquals(
                        403,
                        post(browser, production + "credential/team-token/doMove?destination=folder/team/_", "<x/>")
                                .getWebResponse()
                                .getStatusCode());
                assertEquals(
                        403,
                        post(browser, production + "credential/team-token/doDelete", "<x/>")
                                .getWebResponse()
                                .getStatusCode());
                assertThat(
                        browser.goTo(production).asNormalizedText(),
                        allOf(containsString("team-token"), containsString("team-login")));
            }
        }
        try (WebClient browser = as("mona")) {
            assertEquals(
                    200,
                    post(browser, production + "createCredentials", tokenXml("monas"))
                            .getWebResponse()
                            .getStatusCode());
            assertThat(ids(Secrets.storeOf(team), "production"), hasItem("monas"));
            assertEquals(
                    200,
                    post(
                                    browser,
                                    team.getUrl() + STORE + "createDomain",
                                    "<com.cloudbees.plugins.credentials.domains.Domain><name>review/*</name>"
                                            + "<specifications/></com.cloudbees.plugins.credentials.domains.Domain>")
                            .getWebResponse()
                            .getStatusCode());
            assertEquals(
                    200,
                    browser.goTo(team.getUrl() + STORE + "domain/review%2F*/")
                            .getWebResponse()
                            .getStatusCode(),
                    "the page of a pattern");
            assertEquals(
                    404,
                    browser.goTo(STORE + "domain/production/").getWebResponse().getStatusCode(),
                    "not the store of the whole Jenkins");
        }
    }

    @Test
    void aFormChangesThemAndShowsNoSecret() throws Exception {
        Secrets.store(team, "formed", Secrets.login("formed-login"));
        try (WebClient browser = as("mona")) {
            HtmlPage page = browser.goTo(team.getUrl() + STORE + "domain/formed/credential/formed-login/update");
            assertThat(page.getWebResponse().getContentAsString(), not(containsString(Secrets.PASSWORD)));
            page.getFormByName("update").getInputsByName("_.username").get(0).setValue("changed");
            j.submit(page.getFormByName("update"));
            UsernamePasswordCredentialsImpl after = (UsernamePasswordCredentialsImpl) Secrets.storeOf(team)
                    .getCredentials(Secrets.domain("formed"))
                    .get(0);
            assertEquals("changed", after.getUsername());
            assertEquals(Secrets.PASSWORD, after.getPassword().getPlainText());
            for (String path : List.of("", "domain/formed/", "domain/formed/credential/formed-login/", "newDomain")) {
                HtmlPage shown = browser.goTo(team.getUrl() + STORE + path);
                assertEquals(200, shown.getWebResponse().getStatusCode(), path);
                assertThat(shown.getWebResponse().getContentAsString(), not(containsString(Secrets.PASSWORD)));
            }
            assertThat(
                    browser.goTo(team.getUrl() + "credentials/").asNormalizedText(),
                    allOf(containsString("formed-login"), containsString("team-token")));
        }
    }

    @Test
    void restAndCommandsShowNoSecret() throws Exception {
        try (WebClient browser = as("root")) {
            for (String path : List.of(
                    STORE + "api/json?depth=3",
                    STORE + "domain/production/api/xml?depth=3",
                    STORE + "domain/production/credential/login/api/json?depth=3",
                    STORE + "domain/production/credential/login/config.xml")) {
                Page page = browser.goTo(path, null);
                assertEquals(200, page.getWebResponse().getStatusCode(), path);
                assertNoSecret(page.getWebResponse().getContentAsString());
            }
        }
        CLICommandInvoker.Result list = new CLICommandInvoker(j, "list-credentials-as-xml")
                .asUser("root")
                .invokeWithArgs("environment::system::jenkins");
        assertThat(list, succeeded());
        assertThat(list.stdout(), allOf(containsString("secret-redacted"), containsString("certificate")));
        assertNoSecret(list.stdout());

        CLICommandInvoker.Result created = new CLICommandInvoker(j, "create-credentials-by-xml")
                .asUser("root")
                .withStdin(new ByteArrayInputStream(tokenXml("commanded").getBytes(StandardCharsets.UTF_8)))
                .invokeWithArgs("environment::system::jenkins", "production");
        assertThat(created.toString(), created, succeeded());
        assertThat(ids(Secrets.storeOf(j.jenkins), "production"), hasItem("commanded"));
        CLICommandInvoker.Result inFolder = new CLICommandInvoker(j, "create-credentials-by-xml")
                .asUser("root")
                .withStdin(new ByteArrayInputStream(tokenXml("token").getBytes(StandardCharsets.UTF_8)))
                .invokeWithArgs("environment::item::team", "production");
        assertThat(inFolder.toString(), inFolder, succeeded());
    }

    private static void assertNoSecret(String text) {
        assertThat(text, not(containsString("plaintextsecret")));
        assertThat(text, not(containsString("{AQAA")));
    }

    @Test
    void theFileIsEncryptedAndMovesWithItsFolder() throws Exception {
        Folder before = folder(null, "before");
        Secrets.store(before, "production", Secrets.token("moved-token"));
        Path file = before.getRootDir().toPath().resolve(CredentialsFiles.FILE);
        assertThat(
                Files.readString(file),
                allOf(containsString("moved-token"), containsString("{AQAA"), not(containsString(Secrets.TOKEN))));
        before.renameTo("after");
        assertEquals(List.of("moved-token"), ids(Secrets.storeOf(before), "production"));
        assertTrue(new File(before.getRootDir(), CredentialsFiles.FILE).isFile());
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Secrets.storeOf(before).save();
        }
        assertEquals(List.of("moved-token"), ids(Secrets.storeOf(before), "production"));
    }

    @Test
    void aFileThatCannotBeReadUnlocksNothingAndIsNotOverwritten() throws Exception {
        UnreadableCredentialsMonitor monitor = ExtensionList.lookupSingleton(UnreadableCredentialsMonitor.class);
        assertFalse(monitor.isActivated());
        Folder damaged = folder(null, "damaged");
        Path file = damaged.getRootDir().toPath().resolve(CredentialsFiles.FILE);
        for (String content : List.of(
                "not XML",
                "<environment-credentials/>",
                "<environment-credentials><environments><environment><domain><name>production</name></domain>"
                        + "<credentials><com.example.Missing/></credentials></environment></environments>"
                        + "</environment-credentials>")) {
            Files.writeString(file, content);
            assertEquals(List.of(), Secrets.storeOf(damaged).getDomains(), content);
            assertThrows(IOException.class, () -> Secrets.store(damaged, "production", Secrets.token("new")));
            assertEquals(content, Files.readString(file));
            assertTrue(monitor.isActivated());
        }
        try (WebClient browser = as("root")) {
            assertThat(
                    ((HtmlPage) browser.goTo("manage/"))
                            .querySelector("#main-panel")
                            .getTextContent(),
                    allOf(
                            containsString("The credentials of environments in " + file + " could not be read ("),
                            containsString("CannotResolveClassException: com.example.Missing")));
        }
        Files.delete(file);
        assertFalse(monitor.isActivated());
        Secrets.store(damaged, "production", Secrets.token("new"));
        assertEquals(List.of("new"), ids(Secrets.storeOf(damaged), "production"));
    }

    /** Credentials that plugins use by their class. */
    public static class Concrete extends BaseStandardCredentials {

        private static final long serialVersionUID = 1L;

        public Concrete(CredentialsScope scope) {
            super(scope, "concrete", "");
        }

        /** In the forms of other stores only. */
        @TestExtension
        public static class DescriptorImpl extends CredentialsDescriptor {

            @NonNull
            @Override
            public String getDisplayName() {
                return "Concrete";
            }
        }
    }

    @Test
    void whatCannotBeLockedOrFoundIsRefusedWithTheReason() throws Exception {
        CredentialsStore store = Secrets.storeOf(folder(null, "refusing"));
        assertRefused(
                "cannot be stored for an environment: plugins use them by their class",
                () -> store.addDomain(Secrets.domain("production"), new Concrete(CredentialsScope.GLOBAL)));
        assertRefused(
                "Credentials of the scope",
                () -> store.addDomain(
                        Secrets.domain("production"),
                        new StringCredentialsImpl(CredentialsScope.SYSTEM, "x", "", Secret.fromString("x"))));
        assertRefused("need an environment", () -> store.addDomain(Domain.global(), Secrets.token("x")));
        assertRefused(
                "is neither the name of an environment nor a pattern",
                () -> store.addDomain(Secrets.domain("prod:1"), Secrets.token("x")));
        assertTrue(store.addDomain(Secrets.domain("production"), Secrets.token("x")));
        assertFalse(store.addDomain(Secrets.domain("production"), Secrets.token("y")));
        assertFalse(store.addCredentials(Secrets.domain("production"), Secrets.token("x")));
        assertFalse(store.addCredentials(Secrets.domain("missing"), Secrets.token("y")));
        assertRefused(
                "already has credentials with the ID x",
                () -> store.addDomain(Secrets.domain("staging"), Secrets.token("x")));
        assertRefused(
                "ID of credentials cannot be changed",
                () -> store.updateCredentials(Secrets.domain("production"), Secrets.token("x"), Secrets.token("y")));
        assertTrue(store.addDomain(Secrets.domain("staging")));
        assertRefused(
                "two entries for staging",
                () -> store.updateDomain(Secrets.domain("production"), Secrets.domain("staging")));
        assertTrue(store.updateDomain(Secrets.domain("production"), Secrets.domain("review/*")));
        assertTrue(store.updateCredentials(Secrets.domain("review/*"), Secrets.token("x"), Secrets.login("x")));
        assertEquals(List.of("x"), ids(store, "review/*"));
        assertFalse(store.removeCredentials(Secrets.domain("review/*"), Secrets.token("y")));
        assertTrue(store.removeCredentials(Secrets.domain("review/*"), Secrets.token("x")));
        assertTrue(store.removeDomain(Secrets.domain("review/*")));
        assertFalse(store.removeDomain(Secrets.domain("review/*")));
        assertEquals(List.of(Secrets.domain("staging")), store.getDomains());
        List<String> offered = store.getCredentialsDescriptors().stream()
                .map(CredentialsDescriptor::getDisplayName)
                .toList();
        assertThat(offered, allOf(hasItem("Secret text"), not(hasItem("Concrete"))));
        try (WebClient browser = as("mona")) {
            Page answer = post(
                    browser,
                    team.getUrl() + STORE + "domain/production/createCredentials",
                    "<%1$s><scope>GLOBAL</scope><id>concrete</id></%1$s>"
                            .formatted(Concrete.class.getName().replace("$", "_-")));
            assertEquals(400, answer.getWebResponse().getStatusCode());
            assertThat(
                    answer.getWebResponse().getContentAsString(),
                    containsString("cannot be stored for an environment: plugins use them by their class"));
        }
    }

    private interface Attempt {
        boolean run() throws IOException;
    }

    private static void assertRefused(String why, Attempt attempt) {
        assertThat(assertThrows(IllegalArgumentException.class, attempt::run).getMessage(), containsString(why));
    }

    @Test
    void configurationAsCodeReplacesTheStoreOfTheWholeJenkins() throws Exception {
        List<Domain> before = Secrets.storeOf(j.jenkins).getDomains();
        List<Credentials> production = Secrets.storeOf(j.jenkins).getCredentials(Secrets.domain("production"));
        ConfigurationAsCode.get()
                .configure(Objects.requireNonNull(getClass().getResource("unlock.yaml"))
                        .toExternalForm());
        CredentialsStore store = Secrets.storeOf(j.jenkins);
        assertEquals(List.of(Secrets.domain("coded"), Secrets.domain("coded/*")), store.getDomains());
        assertEquals(
                Secrets.TOKEN,
                ((StringCredentials)
                                store.getCredentials(Secrets.domain("coded")).get(0))
                        .getSecret()
                        .getPlainText());
        assertEquals(
                "production, review/*",
                j.jenkins
                        .getNode("coded-agent")
                        .getNodeProperty(EnvironmentAgentProperty.class)
                        .getEnvironments());
        String exported = export();
        assertThat(exported, allOf(containsString("coded-login"), not(containsString("plaintextsecret"))));
        assertThat(exported, containsString("production, review/*"));
        try (ACLContext ignored = ACL.as2(Jenkins.ANONYMOUS2)) {
            assertEquals(
                    List.of(),
                    ExtensionList.lookupSingleton(EnvironmentCredentialsProvider.class)
                            .getDomainCredentials());
        }
        for (Domain domain : store.getDomains()) {
            store.removeDomain(domain);
        }
        assertEquals(List.of(Secrets.domain("production")), before);
        store.addDomain(Secrets.domain("production"), production);
    }

    private static String export() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
