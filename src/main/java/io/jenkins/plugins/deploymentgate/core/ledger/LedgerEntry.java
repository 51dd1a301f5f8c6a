package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.Instant;

/**
 * An entry of the audit ledger.
 *
 * @param seq its number: 1, 2, 3 from the first entry of the ledger
 * @param recordedAt when it was written, which can be later than the event
 * @param event what happened
 */
public record LedgerEntry(long seq, Instant recordedAt, LedgerEvent event) {}
