package io.jenkins.plugins.deploymentgate.service;

import io.jenkins.plugins.deploymentgate.engine.Act;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.Refusal;

/** What somebody who voted, withdrew or overrode is answered. */
public sealed interface VoteResult {

    /**
     * It is on disk; or it was already, and nothing has changed.
     *
     * @param deployment the deployment as it is now
     * @param act the vote, the withdrawal or the override
     */
    record Recorded(Deployment deployment, Act act) implements VoteResult {}

    /**
     * It was not done, and nothing has changed.
     *
     * @param why the reason, for machines
     * @param message the reason, for people
     */
    record Refused(Refusal why, String message) implements VoteResult {}
}
