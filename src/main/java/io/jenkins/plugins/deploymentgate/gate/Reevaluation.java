package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Evaluates blocked deployments again when the policy has changed, when time has passed, when the authors of the changes are
 * known, and when other deployments have changed for which they wait. Never called on the thread of a request; a failure of one deployment does not affect the others.
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
        LiveDeployments.forEach(LiveDeployments.get().inOrder(LiveDeployment::isBlocked), live -> {
            reevaluate(live, clock::instant);
            live.deliver();
        });
    }

    /**
     * Ends the deployments of builds that have ended without notice, and writes ends that could not be written; evaluates those
     * whose deadline has come, whose wait is over, or whose authors are not known; delivers what was not delivered; and has
     * pipelines saved that could not be saved.
     *
     * @param now the time
     */
    void timePassed(Instant now) {
        LiveDeployments.forEach(LiveDeployments.get().inOrder(live -> true), live -> {
            if (live.state().owesEnd()) {
                DeploymentLifecycle.get().finishAgain(live);
            } else if (!live.build().isBuilding()) {
                DeploymentLifecycle.get().buildEnded(live.build());
            } else if (live.state().isDue(now)) {
                DeploymentLifecycle.get().saveAgain(live);
                reevaluate(live, () -> now);
                live.deliver();
            }
        });
        Turns.get().retry();
    }

    /**
     * Evaluates one deployment by the policy, the time and the other deployments as they are now.
     *
     * @return whether that was possible
     */
    boolean reevaluate(LiveDeployment live) {
        return reevaluate(live, clock::instant);
    }

    private boolean reevaluate(LiveDeployment live, Supplier<Instant> now) {
        try {
            live.change(
                    deployment -> evaluated(live, deployment, now), (before, after) -> announce(live, before, after));
            if (live.state().needsAuthors()) {
                AuthorLookup.get().request(live, now.get());
            }
            return true;
        } catch (IOException e) {
            // The store has warned, and this is tried every few seconds.
            LOGGER.log(Level.FINE, e, () -> "Cannot evaluate deployment " + live.id() + " of " + live.build());
            return false;
        }
    }

    /** Evaluates one deployment again, whose authors are known now. */
    void authorsKnown(LiveDeployment live, Authors authors) throws IOException {
        live.change(
                deployment -> evaluated(live, deployment.withAuthors(authors), clock::instant),
                (before, after) -> announce(live, before, after));
        live.deliver();
    }

    private Deployment evaluated(LiveDeployment live, Deployment deployment, Supplier<Instant> now) {
        Optional<EnvironmentPolicy> policy = policyOf(live, deployment);
        if (policy.isEmpty() && !deployment.isReleasedByOverride()) {
            return deployment
                            .times()
                            .deadline()
                            .filter(limit -> !now.get().isBefore(limit))
                            .isPresent()
                    ? deployment.expire(now.get())
                    : deployment.unqueued();
        }
        EnvironmentPolicy current = policy.orElse(deployment.policy());
        Deployment after =
                deployment.evaluate(current, Turns.get().rivals(live, deployment.request(), current), now.get());
        boolean same = after.status() == Status.BLOCKED
                && current.equals(deployment.policy())
                && after.request().equals(deployment.request())
                && after.times().queuedAt().equals(deployment.times().queuedAt());
        return same ? deployment : after;
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

    private List<String> announce(LiveDeployment live, Deployment before, Deployment after) {
        LOGGER.info(() -> "Deployment " + after.id() + " was evaluated again and is " + after.status());
        String environment = ConsoleText.target(after);
        boolean changed = !after.policy().equals(before.policy());
        if (after.status() == Status.RUNNING && before.times().queuedAt().isPresent()) {
            return List.of(ConsoleText.inLanguageOfServer(Messages._DeploymentLifecycle_ReleasedByTurn(environment)));
        } else if (after.status() == Status.RUNNING) {
            return List.of(ConsoleText.inLanguageOfServer(
                    changed
                            ? Messages._DeploymentLifecycle_ReleasedByPolicy(environment)
                            : Messages._DeploymentLifecycle_ReleasedByTime(environment)));
        } else if (after.status() != Status.BLOCKED) {
            return List.of();
        } else if (after.outstanding(after.policy()) == 0) {
            boolean queued = before.times().queuedAt().isEmpty()
                    && after.times().queuedAt().isPresent();
            return queued || changed ? ConsoleText.whyHeld(live.build(), after) : List.of();
        } else if (!changed) {
            return List.of();
        }
        return List.of(ConsoleText.inLanguageOfServer(Messages._DeploymentLifecycle_BlockedByPolicy(
                environment, after.tally().outstanding(), after.tally().given())));
    }
}
