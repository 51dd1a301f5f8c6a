package io.jenkins.plugins.deploymentgate.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.config.Protection;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All protected environments that apply to a job or folder, and where each of them is configured. All apply together.
 *
 * @param origins the scopes, the widest first
 */
@Restricted(NoExternalUse.class)
public record EffectivePolicy(List<Origin> origins) {

    /** Copies the list. */
    public EffectivePolicy {
        origins = List.copyOf(origins);
    }

    /**
     * What one scope adds.
     *
     * @param scope the full name of the folder or job; empty for the whole Jenkins
     * @param page the address of its page below the server; empty if the reader may not see that
     * @param failure why it cannot be read, so that every gate is closed; empty if it can be
     * @param entries what it protects
     */
    public record Origin(
            String scope, String page, Optional<String> failure, List<ProtectedEnvironments.Entry> entries) {

        /** Copies the list. */
        public Origin {
            entries = List.copyOf(entries);
        }

        private static Origin of(ProtectionScope scope) {
            String page = scope.isVisible() ? scope.getPage() : "";
            try {
                return new Origin(scope.getFullName(), page, Optional.empty(), scope.entries());
            } catch (PolicyUnavailableException e) {
                return new Origin(scope.getFullName(), page, Optional.of(e.getMessage()), List.of());
            }
        }

        private Origin matching(String environment) {
            return new Origin(
                    scope,
                    page,
                    failure,
                    entries.stream()
                            .filter(entry -> entry.name().matches(environment))
                            .toList());
        }
    }

    /**
     * @param item a folder or a job; null for the whole Jenkins
     * @return whether whoever is logged in on this thread may see what protects it
     */
    public static boolean isVisible(@CheckForNull Item item) {
        return scope(item).isVisible();
    }

    /**
     * @param item a folder or a job; null for the whole Jenkins
     * @return whether whoever is logged in on this thread may change it, and so try out what it means for others
     */
    public static boolean isManageable(@CheckForNull Item item) {
        return scope(item).isManageable();
    }

    private static ProtectionScope scope(@CheckForNull Item item) {
        return item == null ? DeploymentGateConfiguration.get() : ItemScope.of(item);
    }

    /**
     * @param item a folder or a job; null for the whole Jenkins
     * @return what protects it; whether the caller may see that is for them to check
     */
    public static EffectivePolicy of(@CheckForNull Item item) {
        try {
            return new EffectivePolicy(
                    Protection.around(item).stream().map(Origin::of).toList());
        } catch (PolicyUnavailableException e) {
            return new EffectivePolicy(
                    List.of(new Origin(item.getFullName(), "", Optional.of(e.getMessage()), List.of())));
        }
    }

    /** @return what protects that */
    public EffectivePolicy matching(String environment) {
        return new EffectivePolicy(
                origins.stream().map(origin -> origin.matching(environment)).toList());
    }

    /** @return whether all of it can be read */
    public boolean isReadable() {
        return origins.stream().allMatch(origin -> origin.failure().isEmpty());
    }

    /** @return all parts together; empty if there is none, so that no deployment may even wait */
    public Optional<EnvironmentPolicy> united() {
        return origins.stream()
                .flatMap(origin -> origin.entries().stream())
                .map(ProtectedEnvironments.Entry::policy)
                .reduce(EnvironmentPolicy::and);
    }
}
