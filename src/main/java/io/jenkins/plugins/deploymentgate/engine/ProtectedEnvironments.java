package io.jenkins.plugins.deploymentgate.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All protected environments of a scope, by the names and patterns under which they are configured. */
public final class ProtectedEnvironments {

    private final Map<NamePattern, EnvironmentPolicy> policies;

    /** @param policies what each name or pattern demands, in the order configured */
    public ProtectedEnvironments(Map<NamePattern, EnvironmentPolicy> policies) {
        this.policies = new LinkedHashMap<>(policies);
    }

    /**
     * Unites everything that protects one environment; a pattern and a name that both match apply together, so that
     * neither can weaken the other.
     *
     * @param environment the name of a real environment
     * @return what it demands; empty if nothing protects it, which the caller must treat as a refusal
     */
    public Optional<EnvironmentPolicy> policyFor(String environment) {
        return policies.entrySet().stream()
                .filter(entry -> entry.getKey().matches(environment))
                .map(Map.Entry::getValue)
                .reduce(EnvironmentPolicy::and);
    }

    /** @return the configured names and patterns, in order */
    public List<String> names() {
        return policies.keySet().stream().map(NamePattern::text).toList();
    }

    /**
     * @param environment a name that nothing protects
     * @return the configured name that was probably meant; never a pattern
     */
    public Optional<String> nearestTo(String environment) {
        return NearestName.suggest(
                environment,
                policies.keySet().stream()
                        .filter(name -> !name.isWildcard())
                        .map(NamePattern::text)
                        .toList());
    }
}
