package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened and that the audit ledger is to keep.
 *
 * @param id the same whenever the same event is described, and never that of another
 * @param kind what happened
 * @param at when
 * @param user canonical id of who did it; empty if nobody in particular
 * @param subject what it is about
 * @param comment their words; empty if none
 * @param details what else is worth knowing, by name, in order
 */
public record AuditEvent(
        String id,
        AuditKind kind,
        Instant at,
        String user,
        AuditSubject subject,
        String comment,
        Map<String, String> details) {

    /** Copies the details. */
    public AuditEvent {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
