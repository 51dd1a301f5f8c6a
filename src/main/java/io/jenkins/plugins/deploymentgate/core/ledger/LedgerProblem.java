package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Locale;
import java.util.Optional;

/**
 * Damage of the audit ledger.
 *
 * @param file the name of the file in which it was detected; empty if none
 * @param line the line there, counted from 1; 0 if it is no single line
 * @param from the number of the first entry concerned, to that of the last; 0 if unknown
 */
public record LedgerProblem(Kind kind, String file, long line, long from, long to) {

    /** Kinds of damage. Their names are stored in the ledger; the messages of the audit page describe them. */
    public enum Kind {
        UNREADABLE,
        ALTERED,
        MISSING,
        DISORDERED,
        UNLINKED,
        START_MISSING,
        END_MISSING,
        CHECKPOINT_LOST,
        CHECKPOINT_ALTERED,
        INTERFERENCE
    }

    static Optional<LedgerProblem> of(Kind kind, String file, long from, long to) {
        return Optional.of(new LedgerProblem(kind, file, 0, from, to));
    }

    /** For the log and for the ledger itself. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT)
                + (file.isEmpty() ? "" : " in " + file)
                + (line > 0 ? ", line " + line : "")
                + (from > 0 ? ", entries " + from + " to " + to : "");
    }
}
