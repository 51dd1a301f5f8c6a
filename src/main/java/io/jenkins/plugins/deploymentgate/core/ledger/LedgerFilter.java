package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.YearMonth;
import java.util.Locale;
import java.util.Optional;

/**
 * Selects entries of the audit ledger. A text matches if the field contains it, ignoring case; an empty text matches always.
 *
 * @param environment part of the name of an environment
 * @param item part of the full name of a job or folder
 * @param user part of the id of a person
 * @param kind the kind of event; empty for all
 * @param month the month (UTC) in whose file the entry is; empty for all
 */
public record LedgerFilter(
        String environment, String item, String user, Optional<LedgerEvent.Kind> kind, Optional<YearMonth> month) {

    /** Selects every entry. */
    public static final LedgerFilter ALL = of(Optional.empty());

    /** @return the filter that selects every entry of a month; empty for all */
    public static LedgerFilter of(Optional<YearMonth> month) {
        return new LedgerFilter("", "", "", Optional.empty(), month);
    }

    /** @return whether a file can contain selected entries */
    boolean admits(YearMonth file) {
        return month.isEmpty() || month.get().equals(file);
    }

    /** @return whether a line of an admitted file is selected; one without a known entry only if no entry is left out */
    boolean admits(Ledger.Row row) {
        return row.entry().map(entry -> admits(entry.event())).orElseGet(() -> equals(of(month)));
    }

    private boolean admits(LedgerEvent event) {
        return (kind.isEmpty() || kind.get() == event.kind())
                && contains(event.subject().environment(), environment)
                && contains(event.subject().item(), item)
                && contains(event.user(), user);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
