package io.jenkins.plugins.deploymentgate.unlock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.config.Protection;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.NamePattern;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Decides whether a build may use something that belongs to environments and that is configured at some place, such as
 * credentials of a folder.
 *
 * <p>Any thread may call, also one that holds the lock of the queue: deployments are taken from memory.
 *
 * @param place the folder where it is configured, as Jenkins knows it now; null for the whole Jenkins
 * @param environments names and patterns of its environments
 */
record Unlocking(@CheckForNull Item place, List<NamePattern> environments) {

    /** Why something is locked for a build. */
    enum Reason {
        /** The job of the build is not below the place. */
        OUT_OF_REACH,
        /** The build has no running deployment to one of the environments. */
        NOT_RUNNING,
        /** It has one, but nothing at the place or around it protects that environment. */
        NOT_PROTECTED,
        /** It has one, but it cannot be read what protects that environment. */
        UNKNOWN_POLICY
    }

    /**
     * @param deployment the running deployment that unlocks it; empty if it is locked
     * @param reason why it is locked; null if it is not
     */
    record Outcome(
            Optional<Deployment> deployment, @CheckForNull Reason reason) {}

    /**
     * A deployment unlocks what is configured at or below the place where its environment is protected. Otherwise whoever
     * manages the environments of one folder could protect an environment of that name without approvals there.
     *
     * @param build a build
     * @return the outcome now; it changes when a deployment of the build is released and when it ends
     */
    Outcome of(Run<?, ?> build) {
        if (!encloses(build.getParent())) {
            return new Outcome(Optional.empty(), Reason.OUT_OF_REACH);
        }
        Collection<Deployment> running = BuildDeployments.running(build).stream()
                .filter(deployment -> covers(deployment.environment()))
                .toList();
        if (running.isEmpty()) {
            return new Outcome(Optional.empty(), Reason.NOT_RUNNING);
        }
        try {
            ProtectedEnvironments here = Protection.of(place);
            Optional<Deployment> found = running.stream()
                    .filter(deployment ->
                            here.policyFor(deployment.environment()).isPresent())
                    .findFirst();
            return new Outcome(found, found.isPresent() ? null : Reason.NOT_PROTECTED);
        } catch (PolicyUnavailableException e) {
            return new Outcome(Optional.empty(), Reason.UNKNOWN_POLICY);
        }
    }

    private boolean covers(String environment) {
        return environments.stream().anyMatch(pattern -> pattern.matches(environment));
    }

    private boolean encloses(Item job) {
        if (place == null) {
            return true;
        }
        ItemGroup<?> group = job.getParent();
        while (group instanceof Item folder) {
            if (folder == place) {
                return true;
            }
            group = folder.getParent();
        }
        return false;
    }

    /** @return the place, for people */
    String placeName() {
        return place == null ? Jenkins.get().getDisplayName() : place.getFullDisplayName();
    }

    /** @return the environments, for people */
    String environmentNames() {
        return String.join(", ", environments.stream().map(NamePattern::text).toList());
    }
}
