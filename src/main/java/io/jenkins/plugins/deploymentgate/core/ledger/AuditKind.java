package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can have happened, as the audit ledger calls it. The words stand in files, so they never change. */
public enum AuditKind {
    /** A deployment reached its gate and has to wait. */
    BLOCKED,
    /** Somebody approved it. */
    APPROVED,
    /** Somebody rejected it. */
    REJECTED,
    /** Somebody took their approval back. */
    WITHDRAWN,
    /** Somebody put the policy aside, to release or to stop it. */
    OVERRIDDEN,
    /** It went on. */
    RELEASED,
    /** Its deadline passed. */
    EXPIRED,
    /** Whoever asked for it may not deploy there. */
    FORBIDDEN,
    /** Its build was aborted, or ended while it waited. */
    CANCELED,
    /** It went on, and its build ended, well or not. */
    FINISHED,
    /** Somebody tried something that they may not do, or that came too late. */
    REFUSED,
    /** An environment is protected now that was not. */
    ENVIRONMENT_PROTECTED,
    /** What an environment demands has changed. */
    ENVIRONMENT_CHANGED,
    /** An environment is protected no more. */
    ENVIRONMENT_UNPROTECTED,
    /** How long the ledger is kept has changed. */
    RETENTION_CHANGED,
    /** Old months of the ledger were removed. */
    PURGED,
    /** The ledger was found damaged. */
    DAMAGED;

    /** @return the word for machines, in lower case */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages speak one language. */
    @Override
    public String toString() {
        return word();
    }

    /**
     * @param word any text, or null
     * @return the kind whose {@link #word} it is; empty for anything else
     */
    public static Optional<AuditKind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
