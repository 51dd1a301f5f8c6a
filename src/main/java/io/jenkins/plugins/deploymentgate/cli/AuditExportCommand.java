package io.jenkins.plugins.deploymentgate.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.audit.LedgerExport;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Option;

/** {@code deployment-gate-audit-export}: writes the audit ledger to standard output. */
@Extension
@Restricted(NoExternalUse.class)
public class AuditExportCommand extends CLICommand {

    @Option(name = "--format", usage = "JSONL for the stored lines (default), or CSV for a table.")
    private LedgerExport format = LedgerExport.JSONL;

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
        LedgerService.get().export(LedgerFilter.of(parse(month)), format, stdout);
        stdout.flush();
        return 0;
    }

    /** Parses an argument, which is null if it was left out. The message of the exception is for people. */
    static Optional<YearMonth> parse(@CheckForNull String month) {
        try {
            return Optional.ofNullable(month).map(YearMonth::parse);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(Messages.Months_NoMonth(month), e);
        }
    }
}
