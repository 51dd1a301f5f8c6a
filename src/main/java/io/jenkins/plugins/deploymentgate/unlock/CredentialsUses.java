package io.jenkins.plugins.deploymentgate.unlock;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.AuditLedger;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.unlock.CredentialsLock.LockedException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jcip.annotations.GuardedBy;
import org.jvnet.localizer.Localizable;

/**
 * The uses of one unlocked copy of credentials by one build. The first time that a secret is read during a deployment is in the
 * audit ledger before the secret is given. Any thread may call.
 */
final class CredentialsUses {

    private final Run<?, ?> build;
    private final StandardCredentials stored;
    private final Unlocking unlocking;

    /** The deployments for which the use is in the ledger. */
    @GuardedBy("this")
    private final Set<Long> recorded = new HashSet<>();

    CredentialsUses(Run<?, ?> build, StandardCredentials stored, Unlocking unlocking) {
        this.build = build;
        this.stored = stored;
        this.unlocking = unlocking;
    }

    Run<?, ?> build() {
        return build;
    }

    /**
     * @param property what is asked for
     * @return the running deployment that unlocks the credentials
     * @throws LockedException if there is none
     */
    Deployment check(String property) {
        Unlocking.Outcome outcome = unlocking.of(build);
        Unlocking.Reason reason = outcome.reason();
        if (reason != null) {
            throw new LockedException(stored.getId(), property, explain(reason)).forConsole();
        }
        return outcome.deployment().orElseThrow();
    }

    private Localizable explain(Unlocking.Reason reason) {
        String id = stored.getId();
        String environments = unlocking.environmentNames();
        return switch (reason) {
            case OUT_OF_REACH ->
                Messages._CredentialsUses_OutOfReach(id, unlocking.placeName(), build.getFullDisplayName());
            case NOT_RUNNING -> Messages._CredentialsUses_NotRunning(id, build.getFullDisplayName(), environments);
            case NOT_PROTECTED -> Messages._CredentialsUses_NotProtected(id, environments, unlocking.placeName());
            case UNKNOWN_POLICY -> Messages._CredentialsUses_UnknownPolicy(id, environments);
        };
    }

    /**
     * Called before a secret is given.
     *
     * @param property what is asked for
     * @throws LockedException if no deployment unlocks the credentials, or the audit ledger cannot be written
     */
    synchronized void record(String property) {
        Deployment deployment = check(property);
        if (recorded.contains(deployment.id())) {
            return;
        }
        try {
            AuditLedger.get().append(List.of(event(deployment)));
        } catch (LedgerUnavailableException e) {
            throw new LockedException(property, Messages._CredentialsUses_NotAudited(stored.getId()), e);
        }
        recorded.add(deployment.id());
        CredentialsProvider.track(build, stored);
    }

    private LedgerEvent event(Deployment deployment) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("credentials", stored.getId());
        Item place = unlocking.place();
        details.put("store", place == null ? "" : place.getFullName());
        details.put("requesters", String.join(", ", deployment.requesters()));
        details.put("approvers", String.join(", ", approvers(deployment)));
        details.values().removeIf(String::isEmpty);
        return new LedgerEvent(
                deployment.id() + "/" + LedgerEvent.Kind.CREDENTIALS_USED + "/" + UUID.randomUUID(),
                LedgerEvent.Kind.CREDENTIALS_USED,
                Instant.now(),
                "",
                LedgerEvent.Origin.PIPELINE,
                new LedgerEvent.Subject(
                        deployment.environment(), build.getParent().getFullName(), build.getNumber(), deployment.id()),
                "",
                details);
    }

    private static List<String> approvers(Deployment deployment) {
        return deployment.approvals().stream()
                .filter(approval -> approval.decision() == VoteDecision.APPROVED)
                .map(Approval::voter)
                .map(voter -> voter.id())
                .distinct()
                .toList();
    }
}
