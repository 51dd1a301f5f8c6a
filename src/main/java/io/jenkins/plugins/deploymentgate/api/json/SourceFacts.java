package io.jenkins.plugins.deploymentgate.api.json;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Job;
import hudson.model.Run;
import java.util.Optional;

/** Knows of some builds what they were made from. */
public abstract class SourceFacts implements ExtensionPoint {

    /**
     * @param job any job
     * @return the branch or tag that it builds; empty if this does not know
     */
    public abstract Optional<String> branch(Job<?, ?> job);

    /**
     * @param build any build
     * @return the full id of the commit that it was made from; empty if this does not know
     */
    public abstract Optional<String> commit(Run<?, ?> build);

    static String branchOf(Job<?, ?> job) {
        return ExtensionList.lookup(SourceFacts.class).stream()
                .flatMap(facts -> facts.branch(job).stream())
                .findFirst()
                .orElse(null);
    }

    static String commitOf(Run<?, ?> build) {
        return ExtensionList.lookup(SourceFacts.class).stream()
                .flatMap(facts -> facts.commit(build).stream())
                .findFirst()
                .orElse(null);
    }
}
