package io.jenkins.plugins.deploymentgate.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditPage;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import jenkins.model.Jenkins;

/**
 * The audit ledger for pages and commands. It checks for itself who asks: to see takes Overall/SystemRead, to do something
 * takes Overall/Administer. Any thread may call.
 */
@Extension
public class AuditService {

    /** As what the ledger can be exported. */
    public enum Format {
        /** The lines as they stand in the files: JSON with the chain of hashes. */
        JSONL,
        /** A table for spreadsheets. */
        CSV
    }

    /** @return the one of this controller */
    public static AuditService get() {
        return ExtensionList.lookupSingleton(AuditService.class);
    }

    private static void checkReader() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
    }

    private static void checkAdministrator() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
    }

    /**
     * Searches back from the latest entry, or from where another search has ended.
     *
     * @param filter which entries are wanted
     * @param from where to begin, as another page has said; empty for the latest entry
     * @param limit how many entries are wanted
     * @return some of them; fewer than wanted if the search would take long
     * @throws IOException if the ledger cannot be read
     */
    public AuditPage search(AuditFilter filter, String from, int limit) throws IOException {
        checkReader();
        return AuditLog.get().archive().search(filter, from, limit);
    }

    /**
     * @return the months of which there are entries, in UTC, the latest first
     * @throws IOException if the ledger cannot be read
     */
    public List<YearMonth> months() throws IOException {
        checkReader();
        List<YearMonth> months = new ArrayList<>(AuditLog.get().archive().months());
        months.sort(Comparator.reverseOrder());
        return months;
    }

    /**
     * Writes entries for other programs, the oldest first.
     *
     * @param filter which are wanted
     * @param format in which form
     * @param out where to; stays open
     * @throws IOException if something cannot be read or written
     */
    public void export(AuditFilter filter, Format format, OutputStream out) throws IOException {
        checkReader();
        if (format == Format.CSV) {
            AuditExport.csv(filter, out);
        } else {
            AuditExport.jsonLines(filter, out);
        }
    }

    /** Verifies everything in the background, unless that is being done already. */
    public void startVerification() {
        checkAdministrator();
        AuditVerification.get().start();
    }

    /**
     * Verifies the ledger on this thread, which may take minutes.
     *
     * @param from the first month to look at; empty for all
     * @param progress is told now and then how many entries were looked at
     * @return what was found
     */
    public AuditVerification.Result verify(Optional<YearMonth> from, LongConsumer progress) {
        checkAdministrator();
        return AuditVerification.get().verify(from, progress);
    }

    /** @return the verification in the background; empty if there is none */
    public Optional<AuditVerification.Running> running() {
        checkReader();
        return AuditVerification.get().running();
    }

    /** @return what was found last; empty if nobody has looked since the start of Jenkins */
    public Optional<AuditVerification.Result> latest() {
        checkReader();
        return AuditVerification.get().latest();
    }

    /** @return what an administrator has to know, in the reader's language; empty if all is well. Reads no file. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        AuditLog.get().outage().map(Messages::AuditService_Outage).ifPresent(warnings::add);
        List<AuditProblem> problems =
                new ArrayList<>(AuditLog.get().archive().ledger().damages());
        AuditVerification.get().problem().ifPresent(problems::add);
        problems.stream().distinct().map(AuditWording::describe).forEach(warnings::add);
        return warnings;
    }

    /** @return the form of the retention, for its page */
    public Descriptor<?> retentionForm() {
        return DeploymentAuditConfiguration.get();
    }

    /**
     * Changes how long the ledger is kept, which the ledger is told of.
     *
     * @param months what is in the field; empty for ever
     * @throws IllegalArgumentException if it is no number of months in range; the message is for people
     * @throws java.io.UncheckedIOException if it cannot be written; nothing has changed then
     */
    public void setRetention(@CheckForNull String months) {
        checkAdministrator();
        DeploymentAuditConfiguration.get().setRetentionMonths(DeploymentAuditConfiguration.parse(months));
    }
}
