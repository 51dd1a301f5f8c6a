package io.jenkins.plugins.deploymentgate.unlock;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.ModelObject;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.DigestUtils;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jvnet.hudson.test.JenkinsRule;

/** The secrets that tests store, of each type, and a search for them in a whole home. */
final class Secrets {

    static final String TOKEN = "tokenplaintextsecret4711";
    static final String PASSWORD = "passwordplaintextsecret4711";
    static final String CONTENT = "contentplaintextsecret4711";
    static final String KEY = "-----BEGIN PRIVATE KEY-----\nkeyplaintextsecret4711\n-----END PRIVATE KEY-----\n";
    static final String KEYSTORE_PASSWORD = "keystoreplaintextsecret4711";

    private static final List<String> PLAIN =
            List.of(TOKEN, PASSWORD, CONTENT, "keyplaintextsecret4711", KEYSTORE_PASSWORD);

    /** The types by the IDs of {@link #ofEachType}, each with what a binding of it prints. */
    static final List<String> IDS = List.of("token", "login", "file", "key", "certificate");

    /** Binds credentials of every type, each in its turn, and tells what became of it. */
    static final String TRIES = """
        def attempt(String when, String id, Closure body) {
            try { body() } catch (e) { echo "$when $id refused: ${e.message}" }
        }
        def tries(String when, String prefix = '') {
            attempt(when, "${prefix}token") {
                withCredentials([string(credentialsId: "${prefix}token", variable: 'V')]) {
                    echo "$when ${prefix}token bound ${V.hashCode()}"
                }
            }
            attempt(when, "${prefix}login") {
                withCredentials([usernamePassword(credentialsId: "${prefix}login", usernameVariable: 'U', passwordVariable: 'V')]) {
                    echo "$when ${prefix}login bound ${V.hashCode()}"
                }
            }
            node {
                attempt(when, "${prefix}file") {
                    withCredentials([file(credentialsId: "${prefix}file", variable: 'V')]) {
                        echo "$when ${prefix}file bound ${sh(script: 'sha1sum < "$V"', returnStdout: true).substring(0, 40)}"
                    }
                }
                attempt(when, "${prefix}key") {
                    withCredentials([sshUserPrivateKey(credentialsId: "${prefix}key", keyFileVariable: 'V')]) {
                        echo "$when ${prefix}key bound ${sh(script: 'sha1sum < "$V"', returnStdout: true).substring(0, 40)}"
                    }
                }
                attempt(when, "${prefix}certificate") {
                    withCredentials([certificate(credentialsId: "${prefix}certificate", keystoreVariable: 'V', passwordVariable: 'P')]) {
                        sh 'test -s "$V"'
                        echo "$when ${prefix}certificate bound ${P.hashCode()}"
                    }
                }
            }
        }
        """;

    private Secrets() {}

    /** What {@link #TRIES} prints of each type that it could bind. */
    static List<String> bound(String when, String prefix) {
        return List.of(
                when + " " + prefix + "token bound " + TOKEN.hashCode(),
                when + " " + prefix + "login bound " + PASSWORD.hashCode(),
                when + " " + prefix + "file bound " + DigestUtils.sha1Hex(CONTENT),
                when + " " + prefix + "key bound " + DigestUtils.sha1Hex(KEY + "\n"),
                when + " " + prefix + "certificate bound " + KEYSTORE_PASSWORD.hashCode());
    }

    /** How a refusal of credentials begins, without a running deployment to that environment. */
    static String locked(Run<?, ?> build, String id, String environment) {
        return "The credentials " + id + " are locked: " + build.getFullDisplayName() + " has no running deployment to "
                + environment + ".";
    }

    /** Expects that {@link #TRIES} was refused every type. */
    static void assertRefused(Run<?, ?> build, String when, String prefix, String environment) throws IOException {
        String log = JenkinsRule.getLog(build);
        for (String id : IDS) {
            assertThat(
                    log,
                    containsString(when + " " + prefix + id + " refused: " + locked(build, prefix + id, environment)));
        }
    }

    /** Expects that {@link #TRIES} could bind every type. */
    static void assertBound(Run<?, ?> build, String when, String prefix) throws IOException {
        String log = JenkinsRule.getLog(build);
        for (String line : bound(when, prefix)) {
            assertThat(log, containsString(line));
        }
    }

    static StringCredentialsImpl token(String id) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "a token", Secret.fromString(TOKEN));
    }

    static UsernamePasswordCredentialsImpl login(String id) throws Exception {
        return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "", "deployer", PASSWORD);
    }

    static Credentials[] ofEachType(String prefix) throws Exception {
        return new Credentials[] {
            token(prefix + "token"),
            login(prefix + "login"),
            new FileCredentialsImpl(
                    CredentialsScope.GLOBAL,
                    prefix + "file",
                    "",
                    "settings.txt",
                    SecretBytes.fromBytes(CONTENT.getBytes(StandardCharsets.UTF_8))),
            new BasicSSHUserPrivateKey(
                    CredentialsScope.GLOBAL,
                    prefix + "key",
                    "deployer",
                    new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(KEY),
                    "",
                    ""),
            new CertificateCredentialsImpl(
                    CredentialsScope.GLOBAL,
                    prefix + "certificate",
                    "",
                    KEYSTORE_PASSWORD,
                    new CertificateCredentialsImpl.UploadedKeyStoreSource(null, SecretBytes.fromBytes(keystore())))
        };
    }

    private static byte[] keystore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, KEYSTORE_PASSWORD.toCharArray());
        store.setEntry(
                "deploy",
                new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[16], "AES")),
                new KeyStore.PasswordProtection(KEYSTORE_PASSWORD.toCharArray()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, KEYSTORE_PASSWORD.toCharArray());
        return out.toByteArray();
    }

    /** The store of a folder, or of the whole Jenkins. */
    static CredentialsStore storeOf(ModelObject place) {
        return ExtensionList.lookupSingleton(EnvironmentCredentialsProvider.class)
                .getStore(place);
    }

    /** Stores credentials for an environment that has none at that place yet. */
    static void store(ModelObject place, String environment, Credentials... credentials) throws IOException {
        assertTrue(storeOf(place).addDomain(domain(environment), credentials));
    }

    static Domain domain(String environment) {
        return new Domain(environment, null, List.of());
    }

    /** Stores credentials in a store of the credentials plugin. */
    static void storeElsewhere(ModelObject place, Credentials credentials) throws IOException {
        for (CredentialsStore each : CredentialsProvider.lookupStores(place)) {
            if (each.getContext() == place && !(each instanceof EnvironmentCredentialsStore)) {
                assertTrue(each.addCredentials(Domain.global(), credentials));
                return;
            }
        }
        throw new AssertionError("no store of the credentials plugin at " + place);
    }

    /** What the ledger has of the credentials that a build used: environment, ID and details. */
    static List<String> used(Run<?, ?> build) throws IOException {
        return Ledger.entries().stream()
                .map(LedgerEntry::event)
                .filter(event -> event.kind() == LedgerEvent.Kind.CREDENTIALS_USED
                        && event.subject().build() == build.getNumber()
                        && event.subject().item().equals(build.getParent().getFullName()))
                .map(event -> event.subject().environment() + " " + event.details())
                .toList();
    }

    /** Expects that no file of a home has one of the secrets, in plain text or in Base64. */
    static void assertNowhere(File home) throws IOException {
        List<String> needles = new ArrayList<>(PLAIN);
        PLAIN.forEach(plain -> needles.add(Base64.getEncoder()
                .withoutPadding()
                .encodeToString(plain.getBytes(StandardCharsets.UTF_8))
                .replaceAll(".$", "")));
        List<String> found = new ArrayList<>();
        Files.walkFileTree(home.toPath(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String content = read(file);
                needles.stream().filter(content::contains).forEach(needle -> found.add(file + ": " + needle));
                return FileVisitResult.CONTINUE;
            }

            /** Jenkins deletes temporary files meanwhile. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw why;
            }
        });
        assertEquals(List.of(), found);
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
