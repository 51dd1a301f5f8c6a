package io.jenkins.plugins.deploymentgate.audit;

import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.security.ACLContext;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.misc.Util;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who has changed which setting is in the audit ledger before they are answered. */
@WithJenkins
class SettingsRecorderTest {

    @TempDir
    private Path yaml;

    private int before;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        World.people(rule);
    }

    @BeforeEach
    void clear() throws Exception {
        DeploymentGateConfiguration.get().setEnvironments(List.of());
        DeploymentAuditConfiguration.get().setRetentionMonths(0);
        before = Ledger.entries().size();
    }

    @AfterEach
    void heal() throws Exception {
        Ledger.heal();
        Ledger.catchUp();
        Ledger.assertSound();
    }

    private List<String> news() throws Exception {
        return Ledger.entries().stream()
                .skip(before)
                .map(entry -> (entry.event().kind() + " "
                                + entry.event().subject().environment() + " "
                                + entry.event().user())
                        .strip())
                .toList();
    }

    private static ACLContext as(String user) {
        return World.actingAs(user);
    }

    @Test
    void eachEnvironmentThatChangesHasItsEntry() throws Exception {
        try (ACLContext ignored = as("root")) {
            protect("production", 1, "bob");
            protect("review/*", 0);
            protect("production", 2, "bob", "carol");
            protect("production", 2, "bob", "carol");
            DeploymentGateConfiguration.get().setEnvironments(List.of());
        }
        assertEquals(
                List.of(
                        "environment_protected production root",
                        "environment_protected review/* root",
                        "environment_changed production root",
                        "environment_unprotected production root",
                        "environment_unprotected review/* root"),
                news());
        LedgerEntry changed = Ledger.entries().get(before + 2);
        String old = "{\"approvers\":[{\"$class\":\"UserApprover\",\"id\":\"bob\"}],\"name\":\"production\","
                + "\"requiredApprovals\":1}";
        assertEquals(old, changed.event().details().get("before"));
        assertThat(changed.event().details().get("after"), containsString("\"requiredApprovals\":2"));
    }

    @Test
    void environmentsOfFoldersAndJobsHaveTheirEntriesWhereverTheyGo() throws Exception {
        Folder team = World.folder(null, "audited");
        WorkflowJob deploy = World.pipelineIn(team, "deploy", "");
        try (ACLContext ignored = as("root")) {
            World.protectIn(team, World.environment("production", 1));
            World.protectIn(deploy, World.environment("staging", 1));
            World.protectIn(deploy, World.environment("staging", 2));
            team.renameTo("renamed");
        }
        team.delete();
        assertEquals(
                List.of(
                        "environment_protected production of audited by root",
                        "environment_protected staging of audited/deploy by root",
                        "environment_changed staging of audited/deploy by root",
                        "environment_protected production of renamed by root",
                        "environment_protected staging of renamed/deploy by root",
                        "environment_unprotected production of audited by root",
                        "environment_unprotected production of renamed by",
                        "environment_unprotected staging of audited/deploy by root",
                        "environment_unprotected staging of renamed/deploy by"),
                Ledger.entries().stream()
                        .skip(before)
                        .map(LedgerEntry::event)
                        .map(event -> event.kind() + " " + event.subject().environment() + " of "
                                + event.subject().item() + " by " + event.user())
                        .map(String::strip)
                        .sorted(Comparator.comparing(text -> text.contains("unprotected") ? text : ""))
                        .toList());
    }

    @Test
    void everyFieldOfAnEnvironmentCounts() throws Exception {
        ProtectedEnvironment environment = new ProtectedEnvironment("production");
        List<Runnable> changes = new ArrayList<>(List.of(
                () -> environment.setAllowSelfApproval(true),
                () -> environment.setAllowAutomated(false),
                () -> environment.setAllowUnknownRequesters(true),
                () -> environment.setPreventAuthorApproval(true),
                () -> environment.setCommentToApprove(true),
                () -> environment.setCommentToReject(true),
                () -> environment.setDeadlineMinutes(90),
                () -> environment.setWaitMinutes(5),
                () -> environment.setInstructions("look"),
                () -> environment.setApprovalRules(List.of(World.rule("quality", 1)))));
        protect(environment);
        changes.forEach(change -> {
            change.run();
            protect(environment);
        });
        assertEquals(changes.size() + 1, news().size());
    }

    @Test
    void aChangeThatTheLedgerCannotBeToldOfIsToldLaterWithItsAuthor() throws Exception {
        Ledger.fail();
        try (ACLContext ignored = as("root")) {
            protect("production", 1, "bob");
        }
        try (ACLContext ignored = as("alice")) {
            protect("production", 2, "bob", "carol");
        }
        Ledger.heal();
        assertEquals(List.of(), news());
        Ledger.catchUp();
        Ledger.catchUp();
        assertEquals(List.of("environment_protected production root", "environment_changed production alice"), news());
    }

    @Test
    void theRetentionIsSetByCode() throws Exception {
        configure("unclassified:\n  deploymentAudit:\n    retentionMonths: 12\n");
        configure("unclassified:\n  deploymentAudit:\n    retentionMonths: 12\n");
        assertEquals(List.of("retention_changed"), news(), "once, by nobody in particular");
        assertEquals(12, DeploymentAuditConfiguration.get().getRetentionMonths());
        assertThat(
                Util.toYamlString(Util.getUnclassifiedRoot(new ConfigurationContext(ConfiguratorRegistry.get()))
                        .get("deploymentAudit")),
                containsString("retentionMonths: 12"));
        assertThrows(
                ConfiguratorException.class,
                () -> configure("unclassified:\n  deploymentAudit:\n    retentionMonths: -1\n"));
        assertEquals(12, DeploymentAuditConfiguration.get().getRetentionMonths());
    }

    private void configure(String text) throws Exception {
        Path file = yaml.resolve("jenkins.yaml");
        Files.writeString(file, text);
        ConfigurationAsCode.get().configure(file.toString());
    }
}
