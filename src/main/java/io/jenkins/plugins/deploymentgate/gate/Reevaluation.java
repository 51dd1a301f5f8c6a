package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import io.jenkins.plugins.deploymentgate.changes.ChangeAuthors;
import io.jenkins.plugins.deploymentgate.changes.Changes;
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

/**
 * Judges blocked deployments anew when the policy has changed, when time has passed, and when it has become known who
 * wrote the changes. Never called on the thread of a request; what one deployment needs does not hold up the others.
 */
@Extension
public class Reevaluation {

    private static final Logger LOGGER = Logger.getLogger(Reevaluation.class.getName());

    private final Clock clock = Clock.systemUTC();

    static Reevaluation get() {
        return ExtensionList.lookupSingleton(Reevaluation.class);
    }

    /** Judges every blocked deployment by the policy as it is now. */
    void policyChanged() {
        for (LiveDeployment gate : LiveDeployments.get().all()) {
            if (gate.isBlocked()) {
                reevaluate(gate, clock.instant());
                gate.deliver();
            }
        }
    }

    /**
     * Looks at the deployments whose deadline has come, whose wait is over, or whose step was not told.
     *
     * @param now the time
     */
    void timePassed(Instant now) {
        for (LiveDeployment gate : LiveDeployments.get().all()) {
            if (gate.isDue(now)) {
                reevaluate(gate, now);
                gate.deliver();
            }
        }
    }

    /** Judges one deployment by the policy and the time as they are now. */
    void reevaluate(LiveDeployment gate) {
        reevaluate(gate, clock.instant());
    }

    private void reevaluate(LiveDeployment gate, Instant now) {
        try {
            gate.change(deployment -> judged(gate, deployment, now), this::announce);
            Deployment current = gate.current();
            boolean settled = current.policy().separation().isSettled(current.request());
            if (current.status() == Status.BLOCKED && !settled) {
                Computer.threadPoolForRemoting.execute(() -> learnAuthors(gate));
            }
        } catch (IOException e) {
            // The store has warned, and this is tried every few seconds.
            LOGGER.log(Level.FINE, e, () -> "Cannot judge deployment " + gate.id() + " of " + gate.build() + " anew");
        }
    }

    /** Takes as long as it takes to read change logs; meanwhile the deployment stays blocked, and no vote is taken. */
    private void learnAuthors(LiveDeployment gate) {
        try {
            Changes changes = ChangeAuthors.of(gate.build(), gate.current().environment());
            Authors authors = new Authors(changes.authors().stream().sorted().toList(), changes.complete());
            gate.change(deployment -> judged(gate, deployment.withAuthors(authors), clock.instant()), this::announce);
            gate.deliver();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "Cannot tell who wrote the changes of deployment " + gate.id() + " of " + gate.build()
                            + ", so nobody can approve it");
        }
    }

    private Deployment judged(LiveDeployment gate, Deployment deployment, Instant now) {
        Optional<EnvironmentPolicy> policy = policyOf(gate, deployment);
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
    private static Optional<EnvironmentPolicy> policyOf(LiveDeployment gate, Deployment deployment) {
        try {
            return PolicyLookup.get().current(gate.build().getParent(), deployment.environment());
        } catch (PolicyUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Deployment " + deployment.id() + " stays as it is");
            return Optional.empty();
        }
    }

    private List<String> announce(Deployment before, Deployment after) {
        LOGGER.info(() -> "Deployment " + after.id() + " was judged anew and is " + after.status());
        String environment = after.environment();
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
