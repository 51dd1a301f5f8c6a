package io.jenkins.plugins.deploymentgate.audit;

import io.jenkins.plugins.deploymentgate.core.ledger.AuditEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditRow;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditedSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Writes the audit ledger for other programs, line by line, with little memory. */
final class AuditExport {

    private static final List<String> COLUMNS = List.of(
            "seq",
            "recorded_at",
            "event",
            "at",
            "user",
            "means",
            "address",
            "environment",
            "item",
            "build",
            "deployment_id",
            "comment",
            "details",
            "event_id",
            "intact");

    private AuditExport() {}

    /**
     * Writes the lines as they stand in the files.
     *
     * @param filter which are wanted
     * @param out where to; stays open
     * @throws IOException if something cannot be read or written
     */
    static void jsonLines(AuditFilter filter, OutputStream out) throws IOException {
        AuditLog.get().archive().read(Optional.empty(), filter, row -> write(out, row.line() + "\n"));
    }

    /**
     * Writes a table with a line of headings. A line that is no entry is in the column of the details.
     *
     * @param filter which are wanted
     * @param out where to; stays open
     * @throws IOException if something cannot be read or written
     */
    static void csv(AuditFilter filter, OutputStream out) throws IOException {
        write(out, Csv.line(COLUMNS));
        AuditLog.get().archive().read(Optional.empty(), filter, row -> write(out, Csv.line(values(row))));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> values(AuditRow row) {
        if (row.entry().isEmpty()) {
            List<String> values = new ArrayList<>(Collections.nCopies(COLUMNS.size(), ""));
            values.set(COLUMNS.indexOf("details"), row.line());
            values.set(COLUMNS.indexOf("intact"), String.valueOf(row.intact()));
            return values;
        }
        AuditEntry entry = row.entry().get();
        AuditEvent event = entry.event();
        return List.of(
                String.valueOf(entry.seq()),
                entry.recordedAt().toString(),
                event.kind().word(),
                event.at().toString(),
                event.user(),
                entry.note().origin().means().word(),
                entry.note().origin().address(),
                event.subject().environment(),
                event.subject().item(),
                event.subject().build() == 0
                        ? ""
                        : String.valueOf(event.subject().build()),
                event.subject().deployment() == 0
                        ? ""
                        : String.valueOf(event.subject().deployment()),
                event.comment(),
                event.details().isEmpty() ? "" : AuditedSettings.describe(event.details()),
                event.id(),
                String.valueOf(row.intact()));
    }
}
