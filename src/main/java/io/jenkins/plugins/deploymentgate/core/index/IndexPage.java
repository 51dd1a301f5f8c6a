package io.jenkins.plugins.deploymentgate.core.index;

import java.util.List;

/**
 * A part of a list of deployments.
 *
 * @param entries what is on it
 * @param total how many entries the whole list has
 */
public record IndexPage(List<DeploymentSummary> entries, long total) {

    /** Copies the list. */
    public IndexPage {
        entries = List.copyOf(entries);
    }
}
