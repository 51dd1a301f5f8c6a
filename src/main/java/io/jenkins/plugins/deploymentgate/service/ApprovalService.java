package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.engine.Approval;
import io.jenkins.plugins.deploymentgate.engine.Ballot;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.Refusal;
import io.jenkins.plugins.deploymentgate.engine.Status;
import io.jenkins.plugins.deploymentgate.engine.Tally;
import io.jenkins.plugins.deploymentgate.engine.Verdict;
import io.jenkins.plugins.deploymentgate.engine.Voter;
import io.jenkins.plugins.deploymentgate.store.DeploymentStore;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * Takes votes, and shows deployments to people. It checks for itself who asks; whoever calls has nothing to check but
 * what the request looks like. Any thread may call; nothing here waits for a pipeline.
 */
@Extension
public class ApprovalService {

    /** The path of the deployments of a build, below the build. */
    public static final String PAGE = "deployment-gate";

    /** The longest comment, in UTF-16 units. */
    public static final int MAX_COMMENT = 10_000;

    private static final Logger LOGGER = Logger.getLogger(ApprovalService.class.getName());

    private final Clock clock = Clock.systemUTC();

    /** @return the one of this controller */
    public static ApprovalService get() {
        return ExtensionList.lookupSingleton(ApprovalService.class);
    }

    /**
     * Casts the vote of whoever is logged in on this thread. When this returns {@link VoteResult.Recorded}, the vote is
     * on disk, and a decision that it made is on its way to the pipeline; after a crash the pipeline is told when it is
     * resumed. The same vote again is answered the same.
     *
     * @param build the build
     * @param id the deployment
     * @param verdict what they say
     * @param comment their words; empty if none
     * @param rule the name of the rule that the vote is for; empty for the first open one that fits
     * @return what became of it
     * @throws IllegalArgumentException if the comment is too long; the message is for people
     * @throws IOException if the build has no such deployment, or its record cannot be read or written; the vote was
     *     not taken then
     */
    public VoteResult vote(Run<?, ?> build, long id, Verdict verdict, String comment, Optional<String> rule)
            throws IOException {
        Authentication caller = Jenkins.getAuthentication2();
        build.getACL().checkPermission(Item.READ);
        String words = comment.strip();
        if (words.length() > MAX_COMMENT) {
            throw new IllegalArgumentException(Messages.ApprovalService_CommentTooLong(MAX_COMMENT));
        }
        Optional<Refusal> nobody = nobody(caller);
        if (nobody.isPresent()) {
            return refused(nobody.get());
        }
        Gate gate = DeploymentLifecycle.gate(build, id);
        Voter voter = voter(caller, build.getParent());
        Ballot ballot = gate.vote(
                deployment -> judge(build, deployment, voter, verdict, words, rule), ApprovalService::announce);
        if (ballot instanceof Ballot.Refused refused) {
            LOGGER.info(() -> "Refused the vote of " + voter.id() + " on deployment " + id + " of " + build + ": "
                    + refused.why());
            return refused(refused.why());
        }
        if (ballot instanceof Ballot.Accepted accepted) {
            LOGGER.info(() -> voter.id() + " voted " + verdict + " on deployment " + id + " of " + build + ", which is "
                    + accepted.following().status());
        }
        gate.deliver();
        return recorded(gate, ballot);
    }

    /**
     * Takes back the approval of whoever is logged in on this thread. When this returns {@link VoteResult.Recorded}, that
     * is on disk; asking again is answered the same. They may vote again afterwards.
     *
     * @param build the build
     * @param id the deployment
     * @return what became of it, with the approval that counts no more
     * @throws IOException if the build has no such deployment, or its record cannot be read or written; the approval
     *     stands then
     */
    public VoteResult withdraw(Run<?, ?> build, long id) throws IOException {
        Authentication caller = Jenkins.getAuthentication2();
        build.getACL().checkPermission(Item.READ);
        Optional<Refusal> nobody = nobody(caller);
        if (nobody.isPresent()) {
            return refused(nobody.get());
        }
        String voter = Identities.user(caller.getName());
        Gate gate = DeploymentLifecycle.gate(build, id);
        Ballot ballot = gate.vote(
                deployment -> build.isBuilding()
                        ? Ballot.withdraw(deployment, voter, clock.instant())
                        : new Ballot.Refused(Refusal.BUILD_ENDED),
                accepted -> List.of(Messages.ApprovalService_Withdrawn(
                        People.id(voter),
                        accepted.following().environment(),
                        accepted.following().tally().given(),
                        accepted.following().tally().required())));
        if (ballot instanceof Ballot.Refused refused) {
            return refused(refused.why());
        }
        LOGGER.info(() -> voter + " withdrew their approval of deployment " + id + " of " + build);
        return recorded(gate, ballot);
    }

    /** Answers from the ballot and not from the state, in which the next vote may have changed things already. */
    private static VoteResult recorded(Gate gate, Ballot ballot) throws IOException {
        return ballot instanceof Ballot.Accepted accepted
                ? new VoteResult.Recorded(accepted.following(), accepted.approval())
                : new VoteResult.Recorded(gate.current(), ((Ballot.Repeated) ballot).approval());
    }

    private Ballot judge(
            Run<?, ?> build,
            Deployment deployment,
            Voter voter,
            Verdict verdict,
            String comment,
            Optional<String> rule) {
        Optional<Ballot> settled = Ballot.settled(deployment, voter, verdict);
        if (settled.isPresent()) {
            return settled.get();
        } else if (!build.isBuilding()) {
            return new Ballot.Refused(Refusal.BUILD_ENDED);
        }
        try {
            Optional<EnvironmentPolicy> policy = currentPolicy(deployment);
            return policy.isPresent()
                    ? Ballot.cast(deployment, policy.get(), voter, verdict, comment, rule, clock.instant())
                    : new Ballot.Refused(Refusal.NO_LONGER_PROTECTED);
        } catch (PolicyUnavailableException e) {
            return new Ballot.Refused(Refusal.POLICY_UNAVAILABLE);
        }
    }

    private static List<String> announce(Ballot.Accepted accepted) {
        Approval approval = accepted.approval();
        Deployment after = accepted.following();
        Tally tally = after.tally();
        String voter = People.id(approval.voter().id());
        String comment = approval.comment().isEmpty() ? "" : ": " + ConsoleText.oneLine(approval.comment());
        String vote = approval.verdict() == Verdict.APPROVED
                ? Messages.ApprovalService_Approved(voter, after.environment(), tally.given(), tally.required())
                : Messages.ApprovalService_Rejected(voter, after.environment());
        return after.status() == Status.RUNNING
                ? List.of(vote + comment, Messages.ApprovalService_Released(after.environment()))
                : List.of(vote + comment);
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
     * @throws IOException if they cannot be listed
     */
    public List<Long> ids(Run<?, ?> build) throws IOException {
        return DeploymentStore.get().ids(build.getRootDir());
    }

    /**
     * @param build any build
     * @return how many of its deployments are blocked, without reading a file
     */
    public long countBlocked(Run<?, ?> build) {
        BuildDeployments deployments = BuildDeployments.of(build);
        return deployments == null
                ? 0
                : deployments.gates().stream().filter(Gate::isBlocked).count();
    }

    /**
     * @param build any build
     * @return whether it ever reached a gate, without reading a file
     */
    public boolean hasDeployments(Run<?, ?> build) {
        return build.getActions().stream().anyMatch(BuildDeployments.class::isInstance);
    }

    private DeploymentView view(Run<?, ?> build, Deployment deployment) {
        EnvironmentPolicy policy = deployment.policy();
        Optional<Refusal> obstacle = Optional.empty();
        if (deployment.status() == Status.BLOCKED) {
            try {
                Optional<EnvironmentPolicy> current = currentPolicy(deployment);
                policy = current.orElse(policy);
                obstacle = current.isPresent() ? obstacle : Optional.of(Refusal.NO_LONGER_PROTECTED);
            } catch (PolicyUnavailableException e) {
                obstacle = Optional.of(Refusal.POLICY_UNAVAILABLE);
            }
        }
        Authentication caller = Jenkins.getAuthentication2();
        Optional<Refusal> nobody = nobody(caller);
        if (nobody.isPresent()) {
            return new DeploymentView(
                    deployment, policy, deployment.tally(policy), Optional.empty(), nobody, List.of());
        }
        Voter voter = voter(caller, build.getParent());
        Optional<Refusal> own = Ballot.refusal(deployment, policy, voter);
        return new DeploymentView(
                deployment,
                policy,
                deployment.tally(policy),
                deployment.voteOf(voter.id()),
                obstacle.isPresent() ? obstacle : own,
                Ballot.openRules(deployment, policy, voter));
    }

    private static Optional<EnvironmentPolicy> currentPolicy(Deployment deployment) throws PolicyUnavailableException {
        return DeploymentGateConfiguration.get().protectedEnvironments().policyFor(deployment.environment());
    }

    private static Optional<Refusal> nobody(Authentication caller) {
        if (ACL.isAnonymous2(caller)
                || caller.getName() == null
                || caller.getName().isBlank()) {
            return Optional.of(Refusal.ANONYMOUS);
        }
        return ACL.SYSTEM2.equals(caller) ? Optional.of(Refusal.SYSTEM) : Optional.empty();
    }

    private static Voter voter(Authentication caller, Job<?, ?> job) {
        return new Voter(
                Identities.user(caller.getName()),
                Identities.groups(caller),
                job.getACL().hasPermission2(caller, DeploymentPermissions.APPROVE),
                Identities.levels(caller, job));
    }

    private static VoteResult refused(Refusal why) {
        return new VoteResult.Refused(why, Wording.explain(why));
    }
}
