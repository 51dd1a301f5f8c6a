package io.jenkins.plugins.deploymentgate.gate;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Rivals;
import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.origin.JobSource;
import io.jenkins.plugins.deploymentgate.records.DeploymentNumbers;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Records the deployment of a build that has reached a gate, or finds the one that was recorded before a crash. */
final class DeploymentOpening {

    private static final Logger LOGGER = Logger.getLogger(DeploymentOpening.class.getName());

    private final Run<?, ?> build;
    private final EnvironmentPolicy policy;
    private final DeploymentRequest request;
    private final Clock clock;

    DeploymentOpening(Run<?, ?> build, EnvironmentPolicy policy, DeploymentRequest request, Clock clock) {
        this.build = build;
        this.policy = policy;
        this.request = request;
        this.clock = clock;
    }

    /**
     * @return the deployment, on disk
     * @throws IOException if it cannot be recorded, and so does not exist
     */
    Deployment open() throws IOException {
        BuildDeployments deployments = BuildDeployments.mark(build);
        Optional<LiveDeployment> orphan = orphan(deployments);
        if (orphan.isPresent()) {
            Reevaluation.get().reevaluate(orphan.get());
            orphan.get().adopt();
            return audited(orphan.get());
        }
        long id = DeploymentNumbers.get().nextId();
        int iid = DeploymentNumbers.get().nextIid(build.getParent());
        Optional<DeployRefusal> refused =
                policy.deployRefusal(JobSource.of(build.getParent()), request.origin(), requesters());
        LiveDeployment live = LiveDeployment.opening(build, id);
        write(deployments, live, () -> {
            Rivals rivals = Turns.get().rivals(live, request, policy);
            Instant now = clock.instant();
            Deployment created = Deployment.created(id, iid, request, policy, now);
            Deployment first = refused.map(refusal -> created.forbid(refusal, now))
                    .orElseGet(() -> created.evaluate(policy, rivals, now));
            return first.status().isFinal() ? first.anchor() : first;
        });
        LOGGER.info(() -> "Deployment " + id + " of " + build + " to " + request.environment() + " is opened");
        return audited(live);
    }

    /** Registers it first, and holds its lock until its record is there, so that whoever finds the record finds it too. */
    private void write(BuildDeployments deployments, LiveDeployment live, Supplier<Deployment> first)
            throws IOException {
        synchronized (live) {
            deployments.add(live);
            try {
                live.open(request.environment(), first);
            } catch (IOException | RuntimeException e) {
                deployments.remove(live);
                throw e;
            }
        }
    }

    /**
     * Finds the deployment that was opened when the gate was reached for the first time. One that was opened with another
     * request, such as another version, is canceled: nobody has voted on what the pipeline asks for now.
     */
    private Optional<LiveDeployment> orphan(BuildDeployments deployments) throws IOException {
        Optional<LiveDeployment> found = Optional.empty();
        for (LiveDeployment live : deployments.all()) {
            DeploymentRequest before = live.state().isOrphan() ? live.current().request() : null;
            if (before == null
                    || !before.place().enclosing().equals(request.place().enclosing())) {
                continue;
            } else if (found.isEmpty()
                    && before.environment().equals(request.environment())
                    && before.description().equals(request.description())) {
                found = Optional.of(live);
            } else {
                Ending changed = Ending.canceled(EndReason.REQUEST_CHANGED, "", "");
                DeploymentLifecycle.finish(deployments, live, now -> now.cancel(changed, clock.instant()));
            }
        }
        return found;
    }

    /** What the audit ledger lacks then is written later; no decision is delivered before that. */
    private static Deployment audited(LiveDeployment live) throws IOException {
        live.isAudited();
        return live.current();
    }

    /** The security realm is asked for groups only where they matter. */
    private List<Voter> requesters() {
        Job<?, ?> job = build.getParent();
        boolean restricted = !policy.access().lists().isEmpty();
        return request.requesters().stream()
                .map(id -> restricted ? Caller.absent(id, job) : new Voter(id, Set.of(), false, Set.of()))
                .toList();
    }
}
