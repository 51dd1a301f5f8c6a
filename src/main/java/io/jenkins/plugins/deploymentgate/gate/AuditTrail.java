package io.jenkins.plugins.deploymentgate.gate;

import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.AuditLedger;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.DeploymentEvents;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events of one deployment that are not in the audit ledger yet. Only in memory: after a crash, the record of the
 * deployment is compared with the ledger. Called under the lock of the deployment.
 */
final class AuditTrail {

    private final Run<?, ?> build;

    /** Events by id, with their origin, which the record of the deployment does not have. */
    private final Map<String, LedgerEvent> unwritten = new LinkedHashMap<>();

    /** Whether the ledger has all events but the unwritten ones. */
    private boolean compared;

    AuditTrail(Run<?, ?> build) {
        this.build = build;
    }

    /** Called if the deployment is new, so that there is nothing to compare. */
    void begin() {
        compared = true;
    }

    /** Called after a change is on disk, with the events before it. */
    void changed(List<LedgerEvent> before, Deployment after, LedgerEvent.Origin origin) {
        List<String> known = before.stream().map(LedgerEvent::id).toList();
        events(after).stream()
                .filter(event -> !known.contains(event.id()))
                .forEach(event -> unwritten.put(event.id(), event.from(origin)));
    }

    /** @return all events of a deployment, as they are recorded if their origin is unknown */
    List<LedgerEvent> events(Deployment deployment) {
        LedgerEvent.Subject subject = new LedgerEvent.Subject(
                deployment.environment(), build.getParent().getFullName(), build.getNumber(), deployment.id());
        return DeploymentEvents.of(deployment).stream()
                .map(event -> new LedgerEvent(
                        event.id(),
                        LedgerEvent.Kind.of(event.kind().word()).orElseThrow(),
                        event.at(),
                        event.user(),
                        LedgerEvent.Origin.RECOVERED,
                        subject,
                        event.comment(),
                        event.details()))
                .toList();
    }

    /** @return whether the ledger is known to have all events */
    boolean isSettled() {
        return compared && unwritten.isEmpty();
    }

    /** Writes the events of the state on disk that the ledger does not have. If that fails, the next call tries again. */
    void settle(Deployment now) throws LedgerUnavailableException {
        if (isSettled()) {
            return;
        }
        boolean known = compared;
        // A failed write can have reached the disk, so the next call compares.
        compared = false;
        if (known) {
            AuditLedger.get().append(List.copyOf(unwritten.values()));
        } else {
            List<LedgerEvent> all = new ArrayList<>(events(now));
            all.replaceAll(event -> unwritten.getOrDefault(event.id(), event));
            AuditLedger.get().complete(all, now.createdAt());
        }
        unwritten.clear();
        compared = true;
    }

    /** Does the same for a deployment that was read from its file, if it is known which events the ledger had then. */
    void settle(Deployment now, Set<String> present) throws LedgerUnavailableException {
        if (!compared && unwritten.isEmpty()) {
            AuditLedger.get().complete(events(now), present);
            compared = true;
        }
        settle(now);
    }
}
