package io.jenkins.plugins.deploymentgate.unlock;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.arrayWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsDescriptor;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsUnavailableException;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.common.UsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Label;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.changes.GitRepository;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What is handed out in the place of stored credentials never gives them away. */
@WithJenkins
class LockedCredentialsTest {

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
        protect("hold", 1, "bob");
        Secrets.store(j.jenkins, "production", Secrets.ofEachType(""));
    }

    @AfterAll
    static void noSecretWasWritten() throws Exception {
        Secrets.assertNowhere(j.jenkins.getRootDir());
    }

    @AfterEach
    void healTheLedger() throws Exception {
        Ledger.heal();
    }

    private static WorkflowJob job(String script) throws Exception {
        return pipeline("locked-" + System.nanoTime(), script);
    }

    /** A build that holds a running deployment to production, and waits for another. */
    private static WorkflowRun holding(WorkflowJob job) throws Exception {
        WorkflowRun build = blocked(j, job, "alice");
        approve(build, "bob");
        j.waitForMessage("holding", build);
        j.waitForMessage("to hold is blocked", build);
        return build;
    }

    private static WorkflowJob holder() throws Exception {
        return job("deploymentGate 'production'; echo 'holding'; deploymentGate 'hold'");
    }

    /** An interface that none of the stored credentials has. */
    public interface Foreign extends StandardCredentials {}

    @Test
    void aLookUpNeverReturnsTheStoredObject() throws Exception {
        WorkflowRun build = holding(holder());
        for (Class<? extends IdCredentials> type :
                List.of(IdCredentials.class, StandardCredentials.class, StandardUsernamePasswordCredentials.class)) {
            assertInstanceOf(
                    EnvironmentCredentials.class, CredentialsProvider.findCredentialById("login", type, build));
        }
        assertNull(CredentialsProvider.findCredentialById("login", Foreign.class, build));
        assertNull(CredentialsProvider.findCredentialById("login", StringCredentials.class, build));
        assertNull(CredentialsProvider.findCredentialById("login", UsernamePasswordCredentialsImpl.class, build));
        build.doKill();
    }

    /** Credentials that turn into others for a build. */
    public static class Shifting extends BaseStandardCredentials implements StringCredentials {

        private static final long serialVersionUID = 1L;

        public Shifting(String id) {
            super(CredentialsScope.GLOBAL, id, "");
        }

        @NonNull
        @Override
        public Secret getSecret() {
            return Secret.fromString(Secrets.TOKEN);
        }

        @NonNull
        @Override
        public Credentials forRun(@NonNull Run<?, ?> build) {
            try {
                return Secrets.login(getId());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** Never in a form. */
        @TestExtension
        public static class DescriptorImpl extends CredentialsDescriptor {}
    }

    @Test
    void credentialsThatBecomeOfAnotherTypeForABuildAreRefused() throws Exception {
        protect("shifting", 0);
        Secrets.store(j.jenkins, "shifting", new Shifting("shifting"));
        WorkflowRun build = ended(j, Result.FAILURE, start(job("""
            deploymentGate 'shifting'
            withCredentials([string(credentialsId: 'shifting', variable: 'V')]) { echo 'bound' }
            """), "alice"));
        j.assertLogContains("The credentials shifting become credentials of another type", build);
    }

    @Test
    void withoutABuildTheyAreListedAndLocked() throws Exception {
        StandardUsernamePasswordCredentials login = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItem(
                        StandardUsernamePasswordCredentials.class, holder(), ACL.SYSTEM2),
                CredentialsMatchers.withId("login"));
        assertEquals("deployer", login.getUsername());
        assertEquals("login, locked for production", CredentialsNameProvider.name(login));
        assertEquals("Username with password", login.getDescriptor().getDisplayName());
        CredentialsUnavailableException why = assertThrows(CredentialsUnavailableException.class, login::getPassword);
        assertThat(why.getMessage(), containsString("Only a build with a running deployment to production"));
        assertThrows(CredentialsUnavailableException.class, () -> CredentialsProvider.snapshot(login));
        assertThrows(InvalidObjectException.class, () -> serialize(login));
        assertThat(
                CredentialsProvider.listCredentialsInItem(
                                StandardCredentials.class,
                                holder(),
                                ACL.SYSTEM2,
                                List.of(),
                                CredentialsMatchers.always())
                        .toString(),
                containsString("token (a token), locked for production=token"));
        assertEquals(
                List.of(),
                CredentialsProvider.lookupCredentialsInItem(StandardCredentials.class, holder(), Jenkins.ANONYMOUS2));
    }

    private static byte[] serialize(Object object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    @Test
    void anUnlockedCopyReachesAgentsAndIsWrittenToNoXml() throws Exception {
        WorkflowRun build = holding(holder());
        UsernamePasswordCredentials login =
                CredentialsProvider.findCredentialById("login", StandardUsernamePasswordCredentials.class, build);
        assertEquals(
                Secrets.PASSWORD,
                CredentialsProvider.snapshot(login).getPassword().getPlainText());
        serialize(login);
        assertEquals(1, Secrets.used(build).size());
        String xml = Jenkins.XSTREAM2.toXML(login);
        assertThat(xml, not(containsString(login.getPassword().getEncryptedValue())));
        assertThat(xml, not(containsString("password")));
        build.doKill();
    }

    @Test
    void aGitCheckoutGetsThemWhileTheDeploymentRunsOnly(@TempDir Path directory) throws Exception {
        String person = "Alice <alice@example.org>";
        j.createOnlineSlave(Label.get("git-agent"));
        try (GitServer server = new GitServer(
                new GitRepository(directory).commit(person, person, "A change"), "deployer", Secrets.PASSWORD)) {
            String checkout =
                    "node(NODE) { git branch: 'main', credentialsId: 'login', url: '%s' }%n".formatted(server.url());
            WorkflowRun without = ended(j, Result.FAILURE, start(job(checkout.replace("NODE", "'built-in'")), "alice"));
            j.assertLogContains(Secrets.locked(without, "login", "production"), without);
            assertEquals(0, server.served());
            WorkflowRun build = blocked(
                    j,
                    job("deployment('production') {\n" + checkout.replace("NODE", "'built-in'")
                            + checkout.replace("NODE", "'git-agent'") + "}"),
                    "alice");
            approve(build, "bob");
            ended(j, Result.SUCCESS, build);
            assertThat(JenkinsRule.getLog(build).split("Commit message: \"A change\"", -1), arrayWithSize(3));
            assertThat(Secrets.used(build).toString(), containsString("credentials=login"));
        }
    }

    @Test
    void aUseThatCannotBeWrittenToTheLedgerIsRefused() throws Exception {
        WorkflowRun build = holding(holder());
        StringCredentials copy = CredentialsProvider.findCredentialById("token", StringCredentials.class, build);
        Ledger.fail();
        CredentialsUnavailableException why = assertThrows(CredentialsUnavailableException.class, copy::getSecret);
        assertThat(why.getMessage(), containsString("cannot be written to the audit ledger"));
        Ledger.heal();
        assertEquals(Secrets.TOKEN, copy.getSecret().getPlainText());
        build.doKill();
    }

    @Test
    void credentialsOfOtherStoresWithTheSameIdAreWarnedAbout() throws Exception {
        Secrets.storeElsewhere(j.jenkins, Secrets.login("token"));
        Folder shadowing = folder(null, "shadowing");
        Secrets.store(shadowing, "production", Secrets.token("token"));
        WorkflowRun build = blocked(j, pipelineIn(shadowing, "deploy", """
            deploymentGate 'production'
            withCredentials([string(credentialsId: 'token', variable: 'V')]) { echo "bound ${V.hashCode()}" }
            """), "alice");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("bound " + Secrets.TOKEN.hashCode(), build);
        j.assertLogContains("Warning: there are other credentials with the ID token, in Jenkins (", build);
        j.assertLogContains("Those of the environment production are used.", build);
        assertThat(Secrets.used(build).toString(), containsString("store=shadowing"));
    }

    @Test
    void aBuildParameterThatHidesThemIsWarnedAbout() throws Exception {
        Secrets.storeElsewhere(j.jenkins, Secrets.token("harmless"));
        User.getById("root", true);
        WorkflowJob job = job("""
            withCredentials([string(credentialsId: 'token', variable: 'V')]) { echo 'bound' }
            """);
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("token", "", "harmless", StringCredentials.class.getName(), true)));
        WorkflowRun build = job.scheduleBuild2(
                        0,
                        new CauseAction(new Cause.UserIdCause("root")),
                        new ParametersAction(new CredentialsParameterValue("token", "harmless", "", true)))
                .waitForStart();
        ended(j, Result.SUCCESS, build);
        j.assertLogContains(
                "Warning: the build parameter token hides the credentials of an environment with that ID, which are stored in"
                        + " Jenkins. The credentials harmless are used instead.",
                build);

        WorkflowRun chosen = job.scheduleBuild2(
                        0,
                        new CauseAction(new Cause.UserIdCause("root")),
                        new ParametersAction(new CredentialsParameterValue("token", "login", "", false)))
                .waitForStart();
        ended(j, Result.FAILURE, chosen);
        j.assertLogContains(Secrets.locked(chosen, "login", "production"), chosen);
    }
}
