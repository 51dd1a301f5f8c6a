package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Evaluates blocked deployments again when the policy has changed, when time has passed, and when the authors of the changes
 * are known. Never called on the thread of a request; a failure of one deployment does not affect the others.
 */
@Extension
@Restricted(NoExternalUse.class)
public class Reevaluation {

    private static final Logger LOGGER = Logger.getLogger(Reevaluation.class.getName());

    private final Clock clock = Clock.systemUTC();

    static Reevaluation get() {
        return ExtensionList.lookupSingleton(Reevaluation.class);
    }

    /** Evaluates every blocked deployment by the policy as it is now. */
    void policyChanged() {
        LiveDeployments.forEach(LiveDeployments.get().all(), live -> {
            if (live.isBlocked()) {
                reevaluate(live, clock.instant());
                live.deliver();
            }
        });
    }

    /**
     * Evaluates the deployments whose deadline has come, whose wait is over, or whose authors are not known; delivers what
     * was not delivered; writes ends that could not be written, and has pipelines saved that could not be saved.
     *
     * @param now the time
     */
    void timePassed(Instant now) {
        LiveDeployments.forEach(LiveDeployments.get().all(), live -> {
            if (live.isDue(now)) {
                DeploymentLifecycle.get().finishAgain(live);
                DeploymentLifecycle.get().saveAgain(live);
                reevaluate(live, now);
                live.deliver();
            }
        });
    }

    /** Evaluates one deployment by the policy and the time as they are now. */
    void reevaluate(LiveDeployment live) {
        reevaluate(live, clock.instant());
    }

    private void reevaluate(LiveDeployment live, Instant now) {
        try {
            live.change(deployment -> evaluated(live, deployment, now), this::announce);
            if (live.needsAuthors()) {
                AuthorLookup.get().request(live, now);
            }
        } catch (IOException e) {
            // The store has warned, and this is tried every few seconds.
            LOGGER.log(Level.FINE, e, () -> "Cannot evaluate deployment " + live.id() + " of " + live.build());
        }
    }

    /** Evaluates one deployment again, whose authors are known now. */
    void authorsKnown(LiveDeployment live, Authors authors) throws IOException {
        live.change(deployment -> evaluated(live, deployment.withAuthors(authors), clock.instant()), this::announce);
        live.deliver();
    }

    private Deployment evaluated(LiveDeployment live, Deployment deployment, Instant now) {
        Optional<EnvironmentPolicy> policy = policyOf(live, deployment);
        if (policy.isEmpty()) {
            return deployment
                            .times()
                            .deadline()
                            .filter(limit -> !now.isBefore(limit))
                            .isPresent()
                    ? deployment.expire(now)
                    : deployment;
        }
        Deployment after = deployment.evaluate(policy.get(), now);
        return after.status() == Status.BLOCKED && policy.get().equals(deployment.policy()) ? deployment : after;
    }

    /** Without a policy nothing is released: only its deadline can end the deployment then, or an override. */
    private static Optional<EnvironmentPolicy> policyOf(LiveDeployment live, Deployment deployment) {
        try {
            return PolicyLookup.get().current(live.build().getParent(), deployment.environment());
        } catch (PolicyUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Deployment " + deployment.id() + " stays as it is");
            return Optional.empty();
        }
    }

    private List<String> announce(Deployment before, Deployment after) {
        LOGGER.info(() -> "Deployment " + after.id() + " was evaluated again and is " + after.status());
        String environment = ConsoleText.target(after);
        boolean changed = !after.policy().equals(before.policy());
        if (after.request().authors().isPresent()
                && before.request().authors().isEmpty()
                && after.status() == Status.BLOCKED) {
            return List.of();
        }
        if (after.status() == Status.RUNNING) {
            return List.of(ConsoleText.inLanguageOfServer(
                    changed
                            ? Messages._DeploymentLifecycle_ReleasedByPolicy(environment)
                            : Messages._DeploymentLifecycle_ReleasedByTime(environment)));
        } else if (after.endReason() == EndReason.DEPLOYMENT_EXPIRED) {
            return List.of();
        }
        return List.of(ConsoleText.inLanguageOfServer(Messages._DeploymentLifecycle_BlockedByPolicy(
                environment, after.tally().outstanding(), after.tally().given())));
    }
}
