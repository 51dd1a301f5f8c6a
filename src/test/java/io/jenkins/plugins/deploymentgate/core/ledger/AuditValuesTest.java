package io.jenkins.plugins.deploymentgate.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Policies;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The values of the audit ledger. */
class AuditValuesTest {

    private static final AuditEntry ENTRY = new AuditEntry(
            1,
            Policies.NOON,
            new AuditNote(
                    new AuditEvent(
                            "7/approved",
                            AuditKind.APPROVED,
                            Policies.NOON,
                            "Bob",
                            new AuditSubject("production/eu", "Shop/deploy", 12, 7),
                            "",
                            Map.of()),
                    AuditOrigin.SYSTEM));

    private static boolean admits(String environment, String item, String user, AuditKind kind) {
        return new AuditFilter(environment, item, user, Optional.ofNullable(kind), Optional.empty()).admits(ENTRY);
    }

    @Test
    void aFilterFindsPartsInAnyCase() {
        assertTrue(AuditFilter.ALL.admits(ENTRY));
        assertTrue(AuditFilter.of(Optional.of(YearMonth.of(2026, 3))).admits(ENTRY), "months are chosen by the reader");
        assertTrue(admits("PROD", "shop", "bob", AuditKind.APPROVED));
        assertFalse(admits("staging", "", "", null));
        assertFalse(admits("", "other", "", null));
        assertFalse(admits("", "", "carol", null));
        assertFalse(admits("", "", "", AuditKind.REJECTED));
    }

    @Test
    void aKindIsKnownByItsWordOnly() {
        for (AuditKind kind : AuditKind.values()) {
            assertEquals(Optional.of(kind), AuditKind.of(kind.toString()));
        }
        assertEquals("environment_changed", AuditKind.ENVIRONMENT_CHANGED.word());
        assertEquals(Optional.empty(), AuditKind.of("APPROVED"));
        assertEquals(Optional.empty(), AuditKind.of(null));
        assertEquals("rest", AuditOrigin.Means.REST.toString());
    }

    @Test
    void detailsKeepTheirOrderAndDoNotChange() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("z", "1");
        details.put("a", "2");
        AuditEvent event = new AuditEvent("id", AuditKind.PURGED, Policies.NOON, "", AuditSubject.LEDGER, "", details);
        details.clear();
        assertEquals("{z=1, a=2}", event.details().toString());
    }

    @Test
    void aProblemNamesItsPlace() {
        assertEquals(
                "altered in 2026-03.jsonl, line 4, entries 4 to 4",
                new AuditProblem(AuditProblem.Kind.ALTERED, "2026-03.jsonl", 4, 4, 4).toString());
        assertEquals(
                "anchor_lost in 2026-03.jsonl",
                new AuditProblem(AuditProblem.Kind.ANCHOR_LOST, "2026-03.jsonl", 0, 0, 0).toString());
        assertEquals(
                "start_missing, entries 1 to 8",
                new AuditProblem(AuditProblem.Kind.START_MISSING, "", 0, 1, 8).toString());
    }

    @Test
    void anEnvironmentIsProtectedInAScope() {
        assertEquals(new AuditSubject("prod*", "shop", 0, 0), AuditSubject.environment("prod*", "shop"));
    }
}
