package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.audit.AuditLog;
import io.jenkins.plugins.deploymentgate.audit.AuditSettings;
import io.jenkins.plugins.deploymentgate.audit.AuditSettingsListener;
import io.jenkins.plugins.deploymentgate.audit.RefusedAttempts;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditKind;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditSubject;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * Tells the audit ledger what it lacks: every few seconds what could not be written before, and after a start what a crash
 * has kept from it. One task for all deployments, which looks at memory only while there is nothing to do.
 */
@Extension
public class AuditReconciler extends PeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(AuditReconciler.class.getName());
    private static final long SECONDS = 10;

    /** After these there is nothing more to tell of a deployment. */
    private static final Set<AuditKind> LAST = EnumSet.of(
            AuditKind.REJECTED, AuditKind.CANCELED, AuditKind.FINISHED, AuditKind.EXPIRED, AuditKind.FORBIDDEN);

    private final Object pending = new Object();
    private boolean compared;

    public static AuditReconciler get() {
        return ExtensionList.lookupSingleton(AuditReconciler.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(SECONDS);
    }

    @Override
    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    @Override
    protected synchronized void doRun() {
        RefusedAttempts.get().flush(Instant.now());
        AuditSettings.get().settle();
        try {
            synchronized (pending) {
                comparePending();
            }
            if (!compared) {
                AuditSettingsListener.compare();
                compareEnded();
                compared = true;
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The audit ledger cannot be completed yet");
        }
        for (LiveDeployment gate : AuditBacklog.get().all()) {
            gate.isAudited();
            gate.deliver();
        }
    }

    /**
     * Called before somebody does something with a deployment, without its lock. If it was found in its file, and nobody
     * has compared it with the ledger yet, then all such deployments are compared now. The ledger is long, and is to be
     * read once after a start, and not once for each of them. What fails is tried again for this one deployment, by
     * whoever has to tell the ledger of it.
     */
    public void prepare(LiveDeployment gate) {
        if (gate.isAuditKnown()) {
            return;
        }
        synchronized (pending) {
            try {
                if (!gate.isAuditKnown()) {
                    comparePending();
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "The audit ledger cannot be compared yet");
            }
        }
    }

    /** Deployments that were found in their files and that nobody has touched since. */
    private static void comparePending() throws IOException {
        List<LiveDeployment> gates = LiveDeployments.get().all().stream()
                .filter(gate -> !gate.isAuditKnown())
                .toList();
        Map<LiveDeployment, Deployment> states = new HashMap<>();
        for (LiveDeployment gate : gates) {
            try {
                states.put(gate, gate.current());
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Deployment " + gate.id() + " cannot be read");
            }
        }
        Optional<Instant> first =
                states.values().stream().map(Deployment::createdAt).min(Instant::compareTo);
        if (first.isPresent()) {
            Map<Long, Set<String>> there = AuditLog.get()
                    .idsOf(
                            states.keySet().stream().map(LiveDeployment::id).collect(Collectors.toSet()),
                            AuditLog.monthOf(first.get()));
            for (LiveDeployment gate : states.keySet()) {
                gate.completeAudit(there.getOrDefault(gate.id(), Set.of()));
            }
        }
    }

    /** Deployments whose end the ledger lacks, though their build has ended. This month and the one before are looked at. */
    private static void compareEnded() throws IOException {
        Map<Long, AuditSubject> open = new HashMap<>();
        YearMonth from = AuditLog.monthOf(Instant.now()).minusMonths(1);
        AuditLog.get()
                .archive()
                .read(
                        Optional.of(from),
                        AuditFilter.ALL,
                        row -> row.entry().ifPresent(entry -> {
                            AuditSubject subject = entry.event().subject();
                            if (isLast(entry.event())) {
                                open.remove(subject.deployment());
                            } else if (subject.deployment() > 0) {
                                open.put(subject.deployment(), subject);
                            }
                        }));
        for (AuditSubject subject : new ArrayList<>(open.values())) {
            Run<?, ?> build = find(subject);
            if (build != null && !build.isBuilding() && isKept(build, subject.deployment())) {
                DeploymentLifecycle.get().read(build, subject.deployment());
                DeploymentLifecycle.live(build, subject.deployment()).isAudited();
            }
        }
    }

    private static boolean isLast(AuditEvent event) {
        return LAST.contains(event.kind())
                || event.kind() == AuditKind.OVERRIDDEN
                        && VoteDecision.REJECTED.word().equals(event.details().get("decision"));
    }

    private static Run<?, ?> find(AuditSubject subject) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = Jenkins.get().getItemByFullName(subject.item(), Job.class);
            return job == null ? null : job.getBuildByNumber(subject.build());
        }
    }

    private static boolean isKept(Run<?, ?> build, long deployment) throws IOException {
        return DeploymentRecords.get().ids(build.getRootDir()).contains(deployment);
    }
}
