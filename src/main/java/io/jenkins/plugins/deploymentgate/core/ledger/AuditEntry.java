package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.Instant;

/**
 * An event that stands in the audit ledger.
 *
 * @param seq its place: 1, 2, 3 from the beginning of the ledger
 * @param recordedAt when it was written, which may be later than when it happened
 * @param note what was written
 */
public record AuditEntry(long seq, Instant recordedAt, AuditNote note) {

    /** @return what happened */
    public AuditEvent event() {
        return note.event();
    }
}
