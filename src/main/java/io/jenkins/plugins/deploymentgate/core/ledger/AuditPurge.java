package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entry about the removal of old months, which says where the ledger begins from then on. */
final class AuditPurge {

    private static final String FILES = "files";
    private static final String SEQ = "last_seq";
    private static final String HASH = "last_hash";

    private AuditPurge() {}

    static AuditNote note(List<String> files, AuditHead last, Instant now) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(FILES, String.join(" ", files));
        details.put(SEQ, String.valueOf(last.seq()));
        details.put(HASH, last.hash());
        return new AuditNote(
                new AuditEvent("purged/" + now, AuditKind.PURGED, now, "", AuditSubject.LEDGER, "", details),
                AuditOrigin.SYSTEM);
    }

    /** @return the last entry that was removed, by the details of the entry about it */
    static AuditHead lastRemoved(JsonNode details) {
        return new AuditHead(details.path(SEQ).asLong(), details.path(HASH).asText());
    }
}
