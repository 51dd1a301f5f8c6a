package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.audit.AuditService;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import java.io.IOException;
import org.kohsuke.args4j.Option;

/** {@code deployment-gate-audit-export}: writes the audit ledger to the standard output. */
@Extension
public class AuditExportCommand extends CLICommand {

    @Option(name = "--format", usage = "JSONL for the stored lines (default), or CSV for a table.")
    private AuditService.Format format = AuditService.Format.JSONL;

    @Option(name = "--month", metaVar = "YYYY-MM", usage = "The month to export, in UTC. Default: all months.")
    private String month;

    @Override
    public String getName() {
        return "deployment-gate-audit-export";
    }

    @Override
    public String getShortDescription() {
        return Messages.AuditExportCommand_Description();
    }

    @Override
    protected int run() throws IOException {
        AuditService.get().export(AuditFilter.of(Months.parse(month)), format, stdout);
        stdout.flush();
        return 0;
    }
}
