package io.jenkins.plugins.deploymentgate.approval;

import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.UserAction;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The answer to a vote, a withdrawal or an override. */
@Restricted(NoExternalUse.class)
public sealed interface VoteResult {

    /**
     * It is on disk; or it was already, and nothing has changed.
     *
     * @param deployment the deployment as it is now
     * @param action the vote, the withdrawal or the override
     */
    record Recorded(Deployment deployment, UserAction action) implements VoteResult {}

    /**
     * It was refused, and nothing has changed.
     *
     * @param why the reason, for machines
     * @param message the reason, for people
     */
    record Refused(DenialReason why, String message) implements VoteResult {}
}
