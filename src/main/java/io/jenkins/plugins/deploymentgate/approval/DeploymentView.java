package io.jenkins.plugins.deploymentgate.approval;

import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A deployment as one person sees it.
 *
 * @param deployment its state on disk
 * @param policy what it needs: by the policy of now while it is blocked, else by the one that decided it
 * @param tally the count by that policy
 * @param decision what follows from that policy, the count and the time
 * @param ownVote the vote of this person
 * @param refusal why an approval of theirs would be refused; empty if it would be taken
 * @param refusalToReject why a rejection of theirs would be refused; empty if it would be taken
 * @param openRules the names of the rules that they could choose for a first approval
 * @param mayOverride whether they may override the policy now
 * @param related other deployments that have to do with it
 */
@Restricted(NoExternalUse.class)
public record DeploymentView(
        Deployment deployment,
        EnvironmentPolicy policy,
        Tally tally,
        Decision decision,
        Optional<Approval> ownVote,
        Optional<DenialReason> refusal,
        Optional<DenialReason> refusalToReject,
        List<String> openRules,
        boolean mayOverride,
        DeploymentStanding.Related related) {

    /** @return how it stands, whoever looks at it */
    public DeploymentStanding standing() {
        return new DeploymentStanding(tally, outstanding(), decision, related);
    }

    /** @return how many approvals it still needs; 0 unless it is blocked */
    public int outstanding() {
        return deployment.outstanding(policy);
    }

    static DeploymentView forNobody(
            Deployment deployment,
            EnvironmentPolicy policy,
            Decision decision,
            DenialReason why,
            DeploymentStanding.Related related) {
        return new DeploymentView(
                deployment,
                policy,
                deployment.tally(policy),
                decision,
                Optional.empty(),
                Optional.of(why),
                Optional.of(why),
                List.of(),
                false,
                related);
    }
}
