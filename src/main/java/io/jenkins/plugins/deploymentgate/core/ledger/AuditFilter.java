package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.YearMonth;
import java.util.Locale;
import java.util.Optional;

/**
 * Which entries of the audit ledger somebody wants to see. Texts match where they occur, in upper or lower case; an empty
 * one matches everything.
 *
 * @param environment part of the name of an environment
 * @param item part of the full name of a job or folder
 * @param user part of the id of a person
 * @param kind what happened; empty for everything
 * @param month when it was recorded, in UTC; empty for ever
 */
public record AuditFilter(
        String environment, String item, String user, Optional<AuditKind> kind, Optional<YearMonth> month) {

    /** Lets everything through. */
    public static final AuditFilter ALL = new AuditFilter("", "", "", Optional.empty(), Optional.empty());

    /**
     * @param month a month, in UTC
     * @return what lets everything of that month through
     */
    public static AuditFilter of(Optional<YearMonth> month) {
        return new AuditFilter("", "", "", Optional.empty(), month);
    }

    /**
     * @param entry an entry of the month, which is for the caller to choose
     * @return whether it is wanted
     */
    public boolean admits(AuditEntry entry) {
        AuditEvent event = entry.event();
        return kind.filter(wanted -> wanted != event.kind()).isEmpty()
                && occurs(environment, event.subject().environment())
                && occurs(item, event.subject().item())
                && occurs(user, event.user());
    }

    private static boolean occurs(String part, String whole) {
        return part.isEmpty() || whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
