package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.audit.AuditLedger;
import io.jenkins.plugins.deploymentgate.audit.RefusedAttempts;
import io.jenkins.plugins.deploymentgate.audit.SettingsListener;
import io.jenkins.plugins.deploymentgate.audit.SettingsRecorder;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Kind;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.util.AtmostOneTaskExecutor;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Writes what the audit ledger lacks: every few seconds what could not be written before, and after a start what a crash
 * prevented. One background task for all deployments, which reads no files while there is nothing to do.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuditReconciler extends PeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(AuditReconciler.class.getName());
    /** No event follows one of these. */
    private static final Set<Kind> LAST =
            EnumSet.of(Kind.REJECTED, Kind.CANCELED, Kind.FINISHED, Kind.EXPIRED, Kind.FORBIDDEN);

    /** Created at the first run, since extensions must not look each other up while they are created. */
    @CheckForNull
    private volatile AtmostOneTaskExecutor<Void> task;

    private final Set<LiveDeployment> unwritten = ConcurrentHashMap.newKeySet();

    private final Object comparison = new Object();

    @GuardedBy("this")
    private boolean compared;

    /** @return the one of this controller */
    public static AuditReconciler get() {
        return ExtensionList.lookupSingleton(AuditReconciler.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(10);
    }

    @Override
    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    @Override
    protected void doRun() {
        AtmostOneTaskExecutor<Void> reconciliation = task;
        if (reconciliation == null) {
            reconciliation = BackgroundWork.get().atMostOne(() -> {
                reconcile();
                return null;
            });
            task = reconciliation;
        }
        reconciliation.submit();
    }

    /** @return the deployments with events that could not be written, to try again later */
    Set<LiveDeployment> unwritten() {
        return unwritten;
    }

    /** Does the periodic work on this thread. */
    public synchronized void reconcile() {
        RefusedAttempts.get().flush(Instant.now());
        SettingsRecorder.get().write();
        try {
            ControllerLock.get().checkOwned();
            synchronized (comparison) {
                compareRead();
            }
            if (!compared) {
                SettingsListener.compare();
                compareEnded();
                compared = true;
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The audit ledger cannot be completed yet");
        }
        for (LiveDeployment deployment : List.copyOf(unwritten)) {
            deployment.isAudited();
            deployment.deliver();
        }
    }

    /**
     * Called before a request changes a deployment, without its lock. If the deployment was read from its file and nobody has
     * compared it with the ledger yet, all such deployments are compared now, so that the long ledger is read once after a start
     * and not once for each of them. If that fails, the deployment is compared when its next event is written.
     */
    public void prepare(LiveDeployment deployment) {
        if (deployment.isAuditKnown()) {
            return;
        }
        synchronized (comparison) {
            try {
                if (!deployment.isAuditKnown()) {
                    compareRead();
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "The audit ledger cannot be compared yet");
            }
        }
    }

    /** Compares the live deployments that were read from their files. */
    private static void compareRead() throws IOException {
        Map<LiveDeployment, Deployment> states = new HashMap<>();
        for (LiveDeployment deployment : LiveDeployments.get().all()) {
            try {
                if (!deployment.isAuditKnown()) {
                    states.put(deployment, deployment.current());
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Deployment " + deployment.id() + " cannot be read");
            }
        }
        if (!states.isEmpty()) {
            Set<Long> ids = states.keySet().stream().map(LiveDeployment::id).collect(Collectors.toSet());
            Instant first = Collections.min(
                    states.values().stream().map(Deployment::createdAt).toList());
            Set<String> present = AuditLedger.get().idsOf(ids, first);
            for (LiveDeployment deployment : states.keySet()) {
                deployment.completeAudit(present);
            }
        }
    }

    /**
     * Completes deployments whose build has ended, but whose last event is not in this month or the one before. One that cannot
     * be completed is left out until the next start.
     */
    private static void compareEnded() throws IOException {
        for (LedgerEvent.Subject subject : unfinished()) {
            try {
                complete(subject);
            } catch (IOException | RuntimeException e) {
                String deployment = subject.deployment() + " of " + subject.item() + " #" + subject.build();
                LOGGER.log(Level.WARNING, e, () -> "The audit ledger lacks events of deployment " + deployment);
            }
        }
    }

    private static Collection<LedgerEvent.Subject> unfinished() throws IOException {
        Map<Long, LedgerEvent.Subject> unfinished = new HashMap<>();
        YearMonth from = Ledger.monthOf(Instant.now()).minusMonths(1);
        Ledger ledger = AuditLedger.get().ledger();
        ledger.read(
                Optional.of(from),
                LedgerFilter.ALL,
                row -> row.entry().ifPresent(entry -> {
                    LedgerEvent.Subject subject = entry.event().subject();
                    if (isLast(entry.event())) {
                        unfinished.remove(subject.deployment());
                    } else if (subject.deployment() > 0) {
                        unfinished.put(subject.deployment(), subject);
                    }
                }));
        return unfinished.values();
    }

    private static boolean isLast(LedgerEvent event) {
        return LAST.contains(event.kind())
                || event.kind() == Kind.OVERRIDDEN
                        && VoteDecision.REJECTED.word().equals(event.details().get("decision"));
    }

    private static void complete(LedgerEvent.Subject subject) throws IOException {
        Run<?, ?> build;
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Job<?, ?> job = Jenkins.get().getItemByFullName(subject.item(), Job.class);
            build = job == null ? null : job.getBuildByNumber(subject.build());
        }
        long id = subject.deployment();
        boolean ended = build != null && !build.isBuilding();
        if (ended && DeploymentRecords.get().ids(build.getRootDir()).contains(id)) {
            DeploymentLifecycle.get().read(build, id);
            DeploymentLifecycle.live(build, id).isAudited();
        }
    }
}
