package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Option;

/** {@code deployment-gate-audit-verify}: verifies the audit ledger, and exits with 16 if it is damaged. */
@Extension
@Restricted(NoExternalUse.class)
public class AuditVerifyCommand extends CLICommand {

    /** The exit code for a damaged ledger. Codes below 16 are those of core. */
    static final int BROKEN = 16;

    @Option(name = "--from", metaVar = "YYYY-MM", usage = "The first month to verify, in UTC. Default: all months.")
    private String from;

    @Override
    public String getName() {
        return "deployment-gate-audit-verify";
    }

    @Override
    public String getShortDescription() {
        return Messages.AuditVerifyCommand_Description();
    }

    @Override
    protected int run() {
        Ledger.Report report =
                LedgerService.get().verify(AuditExportCommand.parse(from)).report();
        Optional<LedgerProblem> problem = report.problem();
        if (problem.isPresent()) {
            stderr.println(Messages.AuditVerifyCommand_Broken(
                    report.files(), report.entries(), LedgerService.describe(problem.get())));
            return BROKEN;
        }
        stdout.println(Messages.AuditVerifyCommand_Sound(report.files(), report.entries()));
        return 0;
    }
}
