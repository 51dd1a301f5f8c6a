package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An event for the audit ledger.
 *
 * @param id identifies the event: the same whenever the event is computed again, and unique among all events
 * @param user canonical id of the person who did it; empty if it was no person
 * @param origin where the request came from
 * @param comment the person's comment; empty if there is none
 * @param details further values by name, in order
 */
public record LedgerEvent(
        String id,
        Kind kind,
        Instant at,
        String user,
        Origin origin,
        Subject subject,
        String comment,
        Map<String, String> details) {

    /** Copies the details. */
    public LedgerEvent {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** An event of Jenkins itself about the ledger. */
    static LedgerEvent ofLedger(Kind kind, String id, Instant at, Map<String, String> details) {
        return new LedgerEvent(id, kind, at, "", Origin.SYSTEM, Subject.LEDGER, "", details);
    }

    /** @return this event with another origin */
    public LedgerEvent from(Origin known) {
        return new LedgerEvent(id, kind, at, user, known, subject, comment, details);
    }

    /** The kinds of events, as docs/audit.md describes them. Their words are stored in files and must not change. */
    public enum Kind {
        BLOCKED,
        APPROVED,
        REJECTED,
        WITHDRAWN,
        OVERRIDDEN,
        RELEASED,
        EXPIRED,
        FORBIDDEN,
        CANCELED,
        FINISHED,
        REFUSED,
        CREDENTIALS_USED,
        ENVIRONMENT_PROTECTED,
        ENVIRONMENT_CHANGED,
        ENVIRONMENT_UNPROTECTED,
        RETENTION_CHANGED,
        PURGED,
        DAMAGED;

        /** @return the stored word, in lower case */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @return the kind with that word; empty if there is none */
        public static Optional<Kind> of(String word) {
            return LedgerEvent.of(values(), word);
        }
    }

    private static <E> Optional<E> of(E[] values, String word) {
        return Stream.of(values).filter(one -> one.toString().equals(word)).findFirst();
    }

    /** Where a request came from: the interface, and the client's address as the web server saw it; empty if unknown. */
    public record Origin(Means means, String address) {

        public static final Origin SYSTEM = new Origin(Means.SYSTEM, "");
        public static final Origin PIPELINE = new Origin(Means.PIPELINE, "");
        public static final Origin RECOVERED = new Origin(Means.RECOVERED, "");
    }

    /** The interfaces through which Jenkins is used. Their words are stored in files and must not change. */
    public enum Means {
        PAGE,
        REST,
        CLI,
        PIPELINE,
        /** Jenkins itself: a timer, a start, a script. */
        SYSTEM,
        /** Unknown: the event was found in a file afterwards. */
        RECOVERED;

        /** @return the stored word, in lower case */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Means> of(String word) {
            return LedgerEvent.of(values(), word);
        }
    }

    /**
     * What an event is about. Fields that do not apply are empty, or 0.
     *
     * @param environment the name of an environment, or a pattern
     * @param item full name of the job, or of the folder or job that protects the environment
     * @param build the build number
     * @param deployment the id of the deployment
     */
    public record Subject(String environment, String item, int build, long deployment) {

        /** The ledger itself. */
        public static final Subject LEDGER = new Subject("", "", 0, 0);
    }
}
