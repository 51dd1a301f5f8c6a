package io.jenkins.plugins.deploymentgate.service;

import io.jenkins.plugins.deploymentgate.engine.Approval;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.Refusal;
import io.jenkins.plugins.deploymentgate.engine.Tally;
import java.util.List;
import java.util.Optional;

/**
 * A deployment as one person sees it.
 *
 * @param deployment its state on disk
 * @param policy what it needs: by the policy of now while it is blocked, else by the one that decided it
 * @param tally the count by that policy
 * @param ownVote the person's vote
 * @param refusal why a vote of theirs would be refused; empty if it would be taken
 * @param openRules the names of the rules that a first vote of theirs could be for
 */
public record DeploymentView(
        Deployment deployment,
        EnvironmentPolicy policy,
        Tally tally,
        Optional<Approval> ownVote,
        Optional<Refusal> refusal,
        List<String> openRules) {}
