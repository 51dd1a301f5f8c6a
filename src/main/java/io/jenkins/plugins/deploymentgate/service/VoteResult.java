package io.jenkins.plugins.deploymentgate.service;

import io.jenkins.plugins.deploymentgate.engine.Approval;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.Refusal;

/** What somebody who voted is answered. */
public sealed interface VoteResult {

    /**
     * The vote, or its withdrawal, is on disk; or it was already, and nothing has changed.
     *
     * @param deployment the deployment as it is now
     * @param approval the vote, or the approval that was taken back
     */
    record Recorded(Deployment deployment, Approval approval) implements VoteResult {}

    /**
     * The vote was not taken, and nothing has changed.
     *
     * @param why the reason, for machines
     * @param message the reason, for people
     */
    record Refused(Refusal why, String message) implements VoteResult {}
}
