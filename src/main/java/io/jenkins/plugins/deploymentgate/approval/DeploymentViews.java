package io.jenkins.plugins.deploymentgate.approval;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployment;
import io.jenkins.plugins.deploymentgate.gate.PolicyLookup;
import io.jenkins.plugins.deploymentgate.gate.Turns;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Shows the deployments of a build to people. Any thread may call; nothing here waits for a pipeline. */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentViews {

    private static final Logger LOGGER = Logger.getLogger(DeploymentViews.class.getName());

    private final Clock clock = Clock.systemUTC();

    /** @return the one of this controller */
    public static DeploymentViews get() {
        return ExtensionList.lookupSingleton(DeploymentViews.class);
    }

    /**
     * Shows a deployment to whoever is logged in on this thread.
     *
     * @param build the build, which they may read
     * @param id the deployment
     * @return it; empty if the build has no such deployment
     * @throws IOException if its record cannot be read
     */
    public Optional<DeploymentView> view(Run<?, ?> build, long id) throws IOException {
        build.getACL().checkPermission(Item.READ);
        return ids(build).contains(id)
                ? Optional.of(view(build, DeploymentLifecycle.get().read(build, id)))
                : Optional.empty();
    }

    /**
     * @param build any build
     * @return the ids of its deployments, in the order in which the gates were reached
     * @throws IOException if they cannot be listed, and none is known of a running build
     */
    public List<Long> ids(Run<?, ?> build) throws IOException {
        try {
            return DeploymentRecords.get().ids(build.getRootDir());
        } catch (IOException e) {
            BuildDeployments running = BuildDeployments.of(build);
            if (running == null || running.all().isEmpty()) {
                throw e;
            }
            LOGGER.log(Level.FINE, e, () -> "Shows what is known of the deployments of " + build);
            return running.all().stream().map(LiveDeployment::id).toList();
        }
    }

    /**
     * @param build any build
     * @return whether one of its deployments needs approvals, as far as is known without reading a file
     */
    public boolean needsApproval(Run<?, ?> build) {
        BuildDeployments deployments = BuildDeployments.of(build);
        return deployments != null && deployments.all().stream().anyMatch(LiveDeployment::needsApproval);
    }

    /**
     * @param build any build
     * @return how many of its deployments are blocked, without reading a file
     */
    public long countBlocked(Run<?, ?> build) {
        BuildDeployments deployments = BuildDeployments.of(build);
        return deployments == null
                ? 0
                : deployments.all().stream().filter(LiveDeployment::isBlocked).count();
    }

    /**
     * @param build any build
     * @return whether it ever reached a gate, without reading a file
     */
    public boolean hasDeployments(Run<?, ?> build) {
        return build.getActions().stream().anyMatch(BuildDeployments.class::isInstance);
    }

    /**
     * Shows the deployment of a running build to whoever is logged in on this thread. Whether they may read the job is for
     * the caller to check.
     *
     * @return it; empty if its record cannot be read
     */
    public Optional<DeploymentView> view(LiveDeployment live) {
        try {
            return Optional.of(view(live.build(), live.current()));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot show deployment " + live.id() + " of " + live.build());
            return Optional.empty();
        }
    }

    /**
     * @param job the job of the deployment, which whoever is logged in may read
     * @param build the number of its build
     * @param deployment any deployment
     * @return how it stands
     */
    public DeploymentStanding standing(Job<?, ?> job, int build, Deployment deployment) {
        EnvironmentPolicy policy = deployment.policy();
        if (deployment.status() == Status.BLOCKED) {
            try {
                policy = PolicyLookup.get()
                        .current(job, deployment.environment())
                        .orElse(policy);
            } catch (PolicyUnavailableException e) {
                LOGGER.log(Level.FINE, e, () -> "Counts by the last policy of deployment " + deployment.id());
            }
        }
        Decision decision = Turns.get().decide(job, build, deployment, policy);
        return new DeploymentStanding(
                deployment.tally(policy),
                deployment.outstanding(policy),
                decision,
                DeploymentStanding.Related.of(job, deployment, decision));
    }

    private DeploymentView view(Run<?, ?> build, Deployment deployment) {
        EnvironmentPolicy policy = deployment.policy();
        Optional<DenialReason> obstacle = Optional.empty();
        if (deployment.status() == Status.BLOCKED) {
            try {
                Optional<EnvironmentPolicy> current =
                        PolicyLookup.get().current(build.getParent(), deployment.environment());
                policy = current.orElse(policy);
                obstacle = current.isPresent() ? obstacle : Optional.of(DenialReason.NO_LONGER_PROTECTED);
            } catch (PolicyUnavailableException e) {
                obstacle = Optional.of(DenialReason.POLICY_UNAVAILABLE);
            }
        }
        Caller caller = Caller.current(build.getParent());
        Decision decision = Turns.get().decide(build.getParent(), build.getNumber(), deployment, policy);
        DeploymentStanding.Related related = DeploymentStanding.Related.of(build.getParent(), deployment, decision);
        Optional<DenialReason> nobody = caller.nobody();
        return nobody.isPresent()
                ? DeploymentView.forNobody(deployment, policy, decision, nobody.get(), related)
                : view(caller, deployment, policy, decision, obstacle, related);
    }

    private DeploymentView view(
            Caller caller,
            Deployment deployment,
            EnvironmentPolicy policy,
            Decision decision,
            Optional<DenialReason> obstacle,
            DeploymentStanding.Related related) {
        Instant now = clock.instant();
        Voter voter = caller.voter();
        return new DeploymentView(
                deployment,
                policy,
                deployment.tally(policy),
                decision,
                deployment.voteOf(voter.id()),
                obstacle.or(() -> VoteOutcome.refusal(deployment, policy, voter, VoteDecision.APPROVED, now)),
                obstacle.or(() -> VoteOutcome.refusal(deployment, policy, voter, VoteDecision.REJECTED, now)),
                VoteOutcome.openRules(deployment, policy, voter),
                deployment.status() == Status.BLOCKED
                        && !deployment.isReleasedByOverride()
                        && caller.may(DeploymentPermissions.OVERRIDE),
                related);
    }
}
