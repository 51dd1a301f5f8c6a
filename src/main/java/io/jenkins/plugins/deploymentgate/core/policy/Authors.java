package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;

/**
 * Who wrote the changes that a deployment brings.
 *
 * @param people canonical ids, each once
 * @param complete whether that is certain to be everybody; if not, there may be more whom nobody can know any more
 */
public record Authors(List<String> people, boolean complete) {

    /** Copies the list. */
    public Authors {
        people = List.copyOf(people);
    }
}
