package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;

/**
 * Who wrote the changes that a deployment brings.
 *
 * @param people canonical ids, each once
 * @param complete whether these are certain to be all authors; if not, some cannot be found any more
 */
public record Authors(List<String> people, boolean complete) {

    /** Copies the list. */
    public Authors {
        people = List.copyOf(people);
    }
}
