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
class LedgerValuesTest {

    private static final Ledger.Row ROW = new Ledger.Row(
            "",
            Optional.of(new LedgerEntry(
                    1,
                    Policies.NOON,
                    new LedgerEvent(
                            "7/approved",
                            LedgerEvent.Kind.APPROVED,
                            Policies.NOON,
                            "Bob",
                            LedgerEvent.Origin.SYSTEM,
                            new LedgerEvent.Subject("production/eu", "Shop/deploy", 12, 7),
                            "",
                            Map.of()))),
            true);

    private static boolean admits(String environment, String item, String user, LedgerEvent.Kind kind) {
        return new LedgerFilter(environment, item, user, Optional.ofNullable(kind), Optional.empty()).admits(ROW);
    }

    @Test
    void aFilterFindsPartsInAnyCase() {
        assertTrue(LedgerFilter.ALL.admits(ROW));
        assertTrue(LedgerFilter.of(Optional.of(YearMonth.of(2026, 3))).admits(ROW), "months are chosen by the reader");
        assertTrue(admits("PROD", "shop", "bob", LedgerEvent.Kind.APPROVED));
        assertFalse(admits("staging", "", "", null));
        assertFalse(admits("", "other", "", null));
        assertFalse(admits("", "", "carol", null));
        assertFalse(admits("", "", "", LedgerEvent.Kind.REJECTED));
    }

    @Test
    void aKindIsKnownByItsWordOnly() {
        for (LedgerEvent.Kind kind : LedgerEvent.Kind.values()) {
            assertEquals(Optional.of(kind), LedgerEvent.Kind.of(kind.toString()));
        }
        assertEquals("environment_changed", LedgerEvent.Kind.ENVIRONMENT_CHANGED.toString());
        assertEquals(Optional.empty(), LedgerEvent.Kind.of("APPROVED"));
        assertEquals(Optional.empty(), LedgerEvent.Kind.of(null));
        assertEquals("rest", LedgerEvent.Means.REST.toString());
    }

    @Test
    void detailsKeepTheirOrderAndDoNotChange() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("z", "1");
        details.put("a", "2");
        LedgerEvent event = LedgerEvent.ofLedger(LedgerEvent.Kind.PURGED, "id", Policies.NOON, details);
        details.clear();
        assertEquals("{z=1, a=2}", event.details().toString());
    }

    @Test
    void aProblemNamesItsPlace() {
        assertEquals(
                "altered in 2026-03.jsonl, line 4, entries 4 to 4",
                new LedgerProblem(LedgerProblem.Kind.ALTERED, "2026-03.jsonl", 4, 4, 4).toString());
        assertEquals(
                "checkpoint_lost in 2026-03.jsonl",
                new LedgerProblem(LedgerProblem.Kind.CHECKPOINT_LOST, "2026-03.jsonl", 0, 0, 0).toString());
        assertEquals(
                "start_missing, entries 1 to 8",
                new LedgerProblem(LedgerProblem.Kind.START_MISSING, "", 0, 1, 8).toString());
    }
}
