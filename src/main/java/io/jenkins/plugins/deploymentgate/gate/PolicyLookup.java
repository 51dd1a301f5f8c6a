package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.util.EditDistance;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.config.Protection;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentName;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds the protected environments that apply to a job. Any thread may call. */
@Extension
@Restricted(NoExternalUse.class)
public class PolicyLookup {

    private static final Logger LOGGER = Logger.getLogger(PolicyLookup.class.getName());

    /** @return the one of this controller */
    public static PolicyLookup get() {
        return ExtensionList.lookupSingleton(PolicyLookup.class);
    }

    /**
     * @return what it demands now; empty if nothing protects it
     * @throws PolicyUnavailableException if what protects it cannot be read
     */
    public Optional<EnvironmentPolicy> current(Item job, String environment) throws PolicyUnavailableException {
        return Protection.of(job).policyFor(environment);
    }

    /**
     * @param environment the name that a pipeline gives
     * @return what it demands
     * @throws DeploymentClosedException if no deployment to it may even wait; the message is for people
     */
    EnvironmentPolicy require(@CheckForNull Item job, String environment) throws DeploymentClosedException {
        ProtectedEnvironments environments;
        try {
            environments = Protection.of(job);
        } catch (PolicyUnavailableException e) {
            throw new DeploymentClosedException(EndReason.POLICY_UNAVAILABLE, e.getMessage());
        }
        if (EnvironmentName.problemOfName(environment).isPresent()) {
            throw new DeploymentClosedException(
                    EndReason.ENVIRONMENT_UNKNOWN,
                    Messages.DeploymentLifecycle_NotAName(ConsoleText.oneLine(environment)));
        }
        return environments
                .policyFor(environment)
                .orElseThrow(() -> new DeploymentClosedException(
                        EndReason.ENVIRONMENT_UNKNOWN, explainUnknown(environments, environment)));
    }

    private static String explainUnknown(ProtectedEnvironments environments, String environment) {
        String known = environments.names().isEmpty()
                ? Messages.DeploymentLifecycle_NoneKnown()
                : Messages.DeploymentLifecycle_Known(String.join(", ", environments.names()));
        String nearest = EditDistance.findNearest(environment, realNames(environments));
        String meant = nearest == null ? "" : " " + Messages.DeploymentLifecycle_DidYouMean(nearest);
        return Messages.DeploymentLifecycle_Unknown(ConsoleText.oneLine(environment)) + meant + " " + known;
    }

    /** Without patterns. */
    private static List<String> realNames(ProtectedEnvironments environments) {
        return environments.names().stream()
                .filter(name -> EnvironmentName.problemOfName(name).isEmpty())
                .toList();
    }

    /**
     * @param job the job whose form asks; null for a form at the top level
     * @return the names of all environments that are protected by name; none if they cannot be read
     */
    public List<String> environmentNames(@CheckForNull Item job) {
        try {
            return realNames(Protection.of(job));
        } catch (PolicyUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "No names to offer");
            return List.of();
        }
    }

    /**
     * @param job the job whose form asks; null for a form at the top level
     * @param environment what a pipeline might give as a name
     * @return why its gate would fail at once; empty if it would not
     */
    public Optional<String> problemOf(@CheckForNull Item job, String environment) {
        try {
            require(job, environment);
            return Optional.empty();
        } catch (DeploymentClosedException e) {
            return Optional.of(e.getMessage());
        }
    }
}
