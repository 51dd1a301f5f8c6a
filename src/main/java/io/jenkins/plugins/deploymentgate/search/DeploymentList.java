package io.jenkins.plugins.deploymentgate.search;

import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import java.util.List;

/**
 * A page of a list of deployments, of jobs that the caller may read.
 *
 * @param entries what is on the page
 * @param total how many entries the whole list has, also without those of other jobs
 * @param complete whether nothing is missing; false while the index is made anew from the records of the builds
 */
public record DeploymentList(List<DeploymentSummary> entries, long total, boolean complete) {

    /** Copies the list. */
    public DeploymentList {
        entries = List.copyOf(entries);
    }
}
