package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/** Removes old months of the ledger, under a lock that excludes verifications. */
record Retention(LedgerFiles files, LedgerWriter writer, Lock removal) {

    private static final String LAST_SEQ = "last_seq";
    private static final String LAST_HASH = "last_hash";

    /** Does what {@link Ledger#purge} says. */
    List<String> purge(YearMonth firstKept, Instant now) throws IOException {
        YearMonth current = Ledger.monthOf(now);
        YearMonth limit = firstKept.isAfter(current) ? current : firstKept;
        List<YearMonth> months = files.months();
        List<YearMonth> old = months.stream().filter(limit::isAfter).toList();
        if (old.isEmpty()) {
            return List.of();
        }
        requirePast(months.get(months.size() - 1), now);
        Chain.Head last = lastBefore(months.subList(old.size(), months.size()));
        List<String> names = old.stream().map(LedgerFiles::name).toList();
        Map<String, String> details = new LinkedHashMap<>();
        details.put("files", String.join(" ", names));
        details.put(LAST_SEQ, String.valueOf(last.seq()));
        details.put(LAST_HASH, last.hash());
        writer.append(List.of(LedgerEvent.ofLedger(LedgerEvent.Kind.PURGED, "purged/" + now, now, details)));
        removal.lock();
        try {
            for (YearMonth month : old) {
                Files.deleteIfExists(files.file(month));
            }
        } finally {
            removal.unlock();
        }
        return names;
    }

    /** An entry in the future means that the clock is wrong, or was wrong. */
    private void requirePast(YearMonth last, Instant now) throws IOException {
        Instant newest = LineReader.last(files.file(last))
                .flatMap(line -> LedgerLine.row(line, files.chain()).entry())
                .map(LedgerEntry::recordedAt)
                .orElse(now);
        if (newest.isAfter(now)) {
            throw new IOException("The newest entry of the audit ledger is of " + newest + ", but it is " + now
                    + " now. Nothing is removed while the clock may be wrong.");
        }
    }

    /** Read from the first entry that is kept, so that it is right whatever was removed before. */
    private Chain.Head lastBefore(List<YearMonth> kept) throws IOException {
        for (YearMonth month : kept) {
            try (LineReader lines = new LineReader(files.file(month))) {
                byte[] first = lines.next();
                if (first != null) {
                    return LedgerLine.parse(first, files.chain())
                            .filter(LedgerLine::intact)
                            .orElseThrow(() -> new IOException("The first entry of " + LedgerFiles.name(month)
                                    + " is damaged, so the months before it are kept."))
                            .previous();
                }
            }
        }
        return writer.append(List.of());
    }

    /** @return the last removed entry, from the details of the entry about the removal */
    static Chain.Head lastRemoved(JsonNode details) {
        return new Chain.Head(
                details.path(LAST_SEQ).asLong(), details.path(LAST_HASH).asText());
    }
}
