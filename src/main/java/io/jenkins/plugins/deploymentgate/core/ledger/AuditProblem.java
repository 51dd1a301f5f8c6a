package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Locale;

/**
 * Something that is wrong with the audit ledger.
 *
 * @param kind what
 * @param file the name of the file where it was noticed
 * @param line the line there, counted from 1; 0 if it is not about a line
 * @param from the number of the first entry concerned; 0 if it is not known
 * @param to the number of the last entry concerned
 */
public record AuditProblem(Kind kind, String file, long line, long from, long to) {

    /** What can be wrong. */
    public enum Kind {
        /** A line is no entry, or only a part of one. */
        UNREADABLE,
        /** The content of an entry was changed, or the secret key is another. */
        ALTERED,
        /** Entries are missing between others. */
        MISSING,
        /** An entry stands where another belongs. */
        DISORDERED,
        /** An entry does not follow the one before it. */
        UNLINKED,
        /** The first entries are missing, and were not removed by the retention. */
        START_MISSING,
        /** The last entries are missing. */
        END_MISSING,
        /** The file that remembers the last entry is gone. */
        ANCHOR_LOST,
        /** The file that remembers the last entry was changed, or the secret key is another. */
        ANCHOR_ALTERED,
        /** A file was changed by somebody else while Jenkins was running. */
        INTERFERENCE
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
