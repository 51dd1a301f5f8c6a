package io.jenkins.plugins.deploymentgate.core.index;

import java.util.List;

/**
 * A part of a list of deployments of jobs that the caller may read.
 *
 * @param entries what is on the page
 * @param total how many entries the whole list has; more than {@link #MAX_TOTAL} only says that there are more than that
 * @param complete whether the list is complete; false while the read model is rebuilt from the records of the builds
 */
public record DeploymentList(List<DeploymentSummary> entries, long total, boolean complete) {

    /** Totals are counted up to here. */
    public static final int MAX_TOTAL = 10_000;

    /** The answer where there is no read model. */
    public static final DeploymentList UNKNOWN = new DeploymentList(List.of(), 0, false);

    /** Copies the list. */
    public DeploymentList {
        entries = List.copyOf(entries);
    }
}
