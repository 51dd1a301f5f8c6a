package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An event in the life of a deployment.
 *
 * @param id unique, and the same whenever the event is derived
 * @param kind what happened
 * @param at when
 * @param user canonical id of who did it; empty if nobody
 * @param comment their comment or reason; empty if none
 * @param details more facts by name, in order
 */
public record DeploymentEvent(
        String id, Kind kind, Instant at, String user, String comment, Map<String, String> details) {

    /** What can happen to a deployment. The words are stored in the audit ledger, so they never change. */
    public enum Kind {
        /** The build reached the gate and has to wait. */
        BLOCKED,
        /** Somebody approved. */
        APPROVED,
        /** Somebody rejected. */
        REJECTED,
        /** Somebody withdrew an approval. */
        WITHDRAWN,
        /** Somebody overrode the policy to release or reject it. */
        OVERRIDDEN,
        /** The build went on. */
        RELEASED,
        /** The deadline passed. */
        EXPIRED,
        /** The environment did not accept the deployment. */
        FORBIDDEN,
        /** The build was aborted, or ended while the deployment waited. */
        CANCELED,
        /** The build was released and has ended. */
        FINISHED;

        /** @return the word for machines, in lower case */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return word();
        }
    }

    /** Copies the details. */
    public DeploymentEvent {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
