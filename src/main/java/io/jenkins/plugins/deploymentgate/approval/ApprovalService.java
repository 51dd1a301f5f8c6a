package io.jenkins.plugins.deploymentgate.approval;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.EventOrigins;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.audit.RefusedAttempts;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.gate.AuditReconciler;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployment;
import io.jenkins.plugins.deploymentgate.gate.PolicyLookup;
import io.jenkins.plugins.deploymentgate.gate.Turns;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records votes, withdrawals and overrides. It checks the caller's identity, permissions and policy itself; doors only check the
 * form of the request. Any thread may call; nothing here waits for a pipeline.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ApprovalService {

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
     * @param decision approved or rejected
     * @param comment their comment; empty if none
     * @param rule the name of the rule that the vote is for; empty for any that needs it
     * @return the outcome
     * @throws IllegalArgumentException if the comment is too long; the message is for people
     * @throws LedgerUnavailableException if it is on disk, but the audit ledger is not; the same vote again completes it
     * @throws IOException if the build has no such deployment, or its record cannot be read or written; the vote was
     *     not taken then
     */
    public VoteResult vote(Run<?, ?> build, long id, VoteDecision decision, String comment, Optional<String> rule)
            throws IOException {
        String words = checked(comment);
        return act(build, id, (caller, live) -> {
            Voter voter = caller.voter();
            return deployment -> judge(live, deployment, voter, decision, words, rule);
        });
    }

    /**
     * Withdraws the approval of whoever is logged in on this thread. When this returns {@link VoteResult.Recorded}, that
     * is on disk; asking again is answered the same. They may vote again afterwards.
     *
     * @param build the build
     * @param id the deployment
     * @return the outcome, with the approval that no longer counts
     * @throws LedgerUnavailableException if it is on disk, but the audit ledger is not; asking again completes it
     * @throws IOException if the build has no such deployment, or its record cannot be read or written; the approval
     *     stands then
     */
    public VoteResult withdraw(Run<?, ?> build, long id) throws IOException {
        return act(build, id, (caller, live) -> {
            String voter = caller.id();
            return deployment -> ended(build).orElseGet(() -> VoteOutcome.withdraw(deployment, voter, clock.instant()));
        });
    }

    /**
     * Overrides the policy on behalf of whoever is logged in on this thread, who needs Deployment/Override on the job:
     * releases the deployment whatever it still needs, or rejects it. Works also if the environment is no longer protected,
     * or its protection cannot be read. When this returns {@link VoteResult.Recorded}, that is on disk; asking
     * again is answered the same.
     *
     * @param build the build
     * @param id the deployment
     * @param decision approved to release it, rejected to reject it
     * @param reason their reason; an override without one is refused
     * @return the outcome
     * @throws IllegalArgumentException if the reason is too long; the message is for people
     * @throws LedgerUnavailableException if it is on disk, but the audit ledger is not; asking again completes it
     * @throws IOException if the build has no such deployment, or its record cannot be read or written; nothing was
     *     decided then
     */
    public VoteResult override(Run<?, ?> build, long id, VoteDecision decision, String reason) throws IOException {
        String words = checked(reason);
        return act(build, id, (caller, live) -> {
            String user = caller.id();
            boolean may = caller.may(DeploymentPermissions.OVERRIDE);
            return deployment -> may
                    ? ended(build).orElseGet(() -> override(live, deployment, user, decision, words))
                    : new VoteOutcome.Refused(DenialReason.MAY_NOT_OVERRIDE);
        });
    }

    /** Asks the security realm and the authorization before it takes the lock of the deployment. */
    private VoteResult act(
            Run<?, ?> build, long id, BiFunction<Caller, LiveDeployment, Function<Deployment, VoteOutcome>> judgeFor)
            throws IOException {
        build.getACL().checkPermission(Item.READ);
        Caller caller = Caller.current(build.getParent());
        Optional<DenialReason> nobody = caller.nobody();
        if (nobody.isPresent()) {
            return refused(build, id, "", caller, nobody.get(), Wording.explain(nobody.get()));
        }
        LiveDeployment live = DeploymentLifecycle.live(build, id);
        AuditReconciler.get().prepare(live);
        VoteOutcome outcome = live.act(
                judgeFor.apply(caller, live),
                accepted -> Announcements.of(build, accepted),
                EventOrigins.get().current());
        LOGGER.info(() -> describe(caller.id(), outcome) + " on deployment " + id + " of " + build);
        live.deliver();
        if (outcome instanceof VoteOutcome.Refused refused) {
            Deployment current = live.current();
            String message = Wording.explain(refused.why(), current, caller.id());
            return refused(build, id, current.environment(), caller, refused.why(), message);
        }
        // From the outcome and not from the state, in which the next vote may have changed things already.
        return outcome instanceof VoteOutcome.Accepted accepted
                ? new VoteResult.Recorded(accepted.following(), accepted.action())
                : new VoteResult.Recorded(live.current(), ((VoteOutcome.Repeated) outcome).action());
    }

    private static String describe(String user, VoteOutcome outcome) {
        if (outcome instanceof VoteOutcome.Accepted accepted) {
            return "Recorded the " + accepted.action().getClass().getSimpleName() + " of " + user + ", which leaves "
                    + accepted.following().status() + ",";
        }
        return outcome instanceof VoteOutcome.Refused refused
                ? "Refused what " + user + " wanted (" + refused.why() + ")"
                : "Answered " + user + " again";
    }

    private static Optional<VoteOutcome> ended(Run<?, ?> build) {
        return build.isBuilding() ? Optional.empty() : Optional.of(new VoteOutcome.Refused(DenialReason.BUILD_ENDED));
    }

    private VoteOutcome judge(
            LiveDeployment live,
            Deployment deployment,
            Voter voter,
            VoteDecision decision,
            String comment,
            Optional<String> rule) {
        Optional<VoteOutcome> settled =
                VoteOutcome.settled(deployment, voter, decision).or(() -> ended(live.build()));
        if (settled.isPresent()) {
            return settled.get();
        }
        try {
            Optional<EnvironmentPolicy> policy =
                    PolicyLookup.get().current(live.build().getParent(), deployment.environment());
            return policy.isPresent()
                    ? VoteOutcome.cast(
                            deployment,
                            policy.get(),
                            Turns.get().rivals(live, deployment.request(), policy.get()),
                            voter,
                            decision,
                            comment,
                            rule,
                            clock.instant())
                    : new VoteOutcome.Refused(DenialReason.NO_LONGER_PROTECTED);
        } catch (PolicyUnavailableException e) {
            return new VoteOutcome.Refused(DenialReason.POLICY_UNAVAILABLE);
        }
    }

    /** An override takes turns by the last known rules if those of now cannot be read. */
    private VoteOutcome override(
            LiveDeployment live, Deployment deployment, String user, VoteDecision decision, String reason) {
        EnvironmentPolicy policy = deployment.policy();
        try {
            policy = PolicyLookup.get()
                    .current(live.build().getParent(), deployment.environment())
                    .orElse(policy);
        } catch (PolicyUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Deployment " + live.id() + " takes turns by the last known policy");
        }
        return VoteOutcome.override(
                deployment,
                policy,
                Turns.get().rivals(live, deployment.request(), policy),
                user,
                decision,
                reason,
                clock.instant());
    }

    private static String checked(String words) {
        String stripped = words.strip();
        if (stripped.length() > MAX_COMMENT) {
            throw new IllegalArgumentException(Messages.ApprovalService_CommentTooLong(MAX_COMMENT));
        }
        PlainText.unkeepable(stripped).ifPresent(character -> {
            throw new IllegalArgumentException(Messages.ApprovalService_CommentCharacter(character));
        });
        return stripped;
    }

    private VoteResult refused(
            Run<?, ?> build, long id, String environment, Caller caller, DenialReason why, String message) {
        RefusedAttempts.get().add(build, environment, id, caller.id(), why, clock.instant());
        return new VoteResult.Refused(why, message);
    }
}
