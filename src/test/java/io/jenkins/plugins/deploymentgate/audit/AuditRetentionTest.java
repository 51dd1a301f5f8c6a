package io.jenkins.plugins.deploymentgate.audit;

import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Old months of the audit ledger are removed as configured. */
class AuditRetentionTest {

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @Test
    void oldMonthsAreRemovedWhenTheirTimeIsOver() throws Throwable {
        YearMonth now = YearMonth.now(ZoneOffset.UTC);
        sessions.then(j -> protect("production", 1, "bob"));
        Path audit = sessions.getHome().toPath().resolve("deployment-gate/audit");
        Files.move(audit.resolve(now + ".jsonl"), audit.resolve(now.minusMonths(2) + ".jsonl"));
        sessions.then(j -> {
            protect("production", 2, "bob", "carol");
            LedgerMaintenance.get().purge(now);
            assertEquals(2, AuditLedger.get().ledger().months().size(), "everything is kept unless somebody says so");
            DeploymentAuditConfiguration.get().setRetentionMonths(2);
            LedgerMaintenance.get().purge(now);
            assertEquals(2, AuditLedger.get().ledger().months().size(), "two months are not yet over");
            DeploymentAuditConfiguration.get().setRetentionMonths(1);
            LedgerMaintenance.get().execute(TaskListener.NULL);
            assertEquals(
                    2,
                    AuditLedger.get().ledger().months().size(),
                    "nothing is removed in the first hour after a start");
            LedgerMaintenance.get().purge(now);
            assertEquals(List.of(now), AuditLedger.get().ledger().months());
            assertEquals(
                    List.of(
                            LedgerEvent.Kind.ENVIRONMENT_CHANGED,
                            LedgerEvent.Kind.RETENTION_CHANGED,
                            LedgerEvent.Kind.RETENTION_CHANGED,
                            LedgerEvent.Kind.PURGED),
                    Ledger.entries().stream().map(entry -> entry.event().kind()).toList());
            Ledger.assertSound();
        });
        sessions.then(j -> {
            protect("production", 1, "bob");
            Ledger.assertSound();
        });
    }
}
