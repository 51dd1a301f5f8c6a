package io.jenkins.plugins.deploymentgate.gate;

import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.AuditLog;
import io.jenkins.plugins.deploymentgate.audit.AuditUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.DeploymentEvent;
import io.jenkins.plugins.deploymentgate.core.deployment.DeploymentEvents;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditKind;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditNote;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditSubject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the audit ledger has to be told of one deployment. In memory only; after a crash the file of the deployment says
 * what has happened, and the ledger what it knows of it. Called under the lock of the deployment.
 */
final class AuditTrail {

    private final Run<?, ?> build;
    private final List<AuditNote> owed = new ArrayList<>();
    private boolean compared;

    AuditTrail(Run<?, ?> build) {
        this.build = build;
    }

    /** Hears that the deployment is new, so that the ledger cannot lack anything of it. */
    void begin() {
        compared = true;
    }

    /**
     * Hears of a change that is on disk.
     *
     * @param before what the ledger was told of before
     * @param after what it is now
     * @param origin who changed it from where
     */
    void changed(List<AuditEvent> before, Deployment after, AuditOrigin origin) {
        List<String> told = before.stream().map(AuditEvent::id).toList();
        events(after).stream()
                .filter(event -> !told.contains(event.id()))
                .forEach(event -> owed.add(new AuditNote(event, origin)));
    }

    /** @return what has happened to the deployment */
    List<AuditEvent> events(Deployment deployment) {
        AuditSubject subject = new AuditSubject(
                deployment.environment(), build.getParent().getFullName(), build.getNumber(), deployment.id());
        return DeploymentEvents.of(deployment).stream()
                .map(event -> entry(event, subject))
                .toList();
    }

    private static AuditEvent entry(DeploymentEvent event, AuditSubject subject) {
        AuditKind kind = AuditKind.of(event.kind().word()).orElseThrow();
        return new AuditEvent(event.id(), kind, event.at(), event.user(), subject, event.comment(), event.details());
    }

    /** @return whether the ledger is known to have everything */
    boolean isSettled() {
        return compared && owed.isEmpty();
    }

    /**
     * Tells the ledger what it lacks.
     *
     * @param now the state on disk
     * @throws AuditUnavailableException if that cannot be written; the next call tries again
     */
    void settle(Deployment now) throws AuditUnavailableException {
        if (isSettled()) {
            return;
        }
        boolean knownBefore = compared;
        // A write that fails may have got there all the same, so the next call looks.
        compared = false;
        if (knownBefore) {
            AuditLog.get().append(owed);
        } else {
            AuditLog.get().complete(events(now), owed, AuditLog.monthOf(now.createdAt()));
        }
        settled();
    }

    /**
     * The same for a deployment that was found in its file, if somebody has looked already what the ledger has.
     *
     * @param now the state on disk
     * @param there the ids of the events that the ledger had since
     * @throws AuditUnavailableException if that cannot be written; the next call tries again
     */
    void settle(Deployment now, Set<String> there) throws AuditUnavailableException {
        if (compared || !owed.isEmpty()) {
            settle(now);
            return;
        }
        AuditLog.get().complete(events(now), owed, there);
        settled();
    }

    private void settled() {
        owed.clear();
        compared = true;
    }
}
