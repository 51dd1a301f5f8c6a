package io.jenkins.plugins.deploymentgate.store;

import io.jenkins.plugins.deploymentgate.engine.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A line of the audit ledger as somebody reads it.
 *
 * @param line the line as it stands in the file, without its line break
 * @param entry what it says; empty if it says nothing that this version of the plugin knows
 * @param intact whether its keyed hash is right; this says nothing of the lines around it
 */
public record AuditRow(String line, Optional<AuditEntry> entry, boolean intact) {

    static AuditRow of(byte[] bytes, AuditSeal seal) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            AuditLine line = AuditLine.read(bytes, seal);
            return new AuditRow(text, line.entry(), line.intact());
        } catch (AuditLine.NoEntryException e) {
            return new AuditRow(text, Optional.empty(), false);
        }
    }
}
