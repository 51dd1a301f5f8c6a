package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;
import java.util.Optional;

/** All protected environments that apply to one job. Several scopes may protect the same name. */
public final class ProtectedEnvironments {

    /**
     * One protected environment.
     *
     * @param name the name or pattern under which it is configured
     * @param policy what it demands; the names of its rules are unique among all that apply to one job
     */
    public record Entry(NamePattern name, EnvironmentPolicy policy) {}

    private final List<Entry> entries;

    /** @param entries what is protected, the widest scope first, and within a scope in the order configured */
    public ProtectedEnvironments(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Unites all entries that match an environment, so that none can weaken another.
     *
     * @return what it demands; empty if nothing protects it, which the caller must treat as a refusal
     */
    public Optional<EnvironmentPolicy> policyFor(String environment) {
        return entries.stream()
                .filter(entry -> entry.name().matches(environment))
                .map(Entry::policy)
                .reduce(EnvironmentPolicy::and);
    }

    /** @return the configured names and patterns, in order, each once */
    public List<String> names() {
        return entries.stream().map(entry -> entry.name().text()).distinct().toList();
    }
}
