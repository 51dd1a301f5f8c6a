package io.jenkins.plugins.deploymentgate.core.index;

/**
 * A deployment in the index. Its job is known by a key, so that a job can be renamed without touching its deployments.
 *
 * @param job the key of the job
 * @param summary the rest; the name of the job is left out
 */
record IndexRow(int job, DeploymentSummary summary) {

    /** Leaves the name of the job out. */
    IndexRow {
        summary = summary.inJob("");
    }

    long id() {
        return summary.id();
    }

    /** @return what its job, environment and status single out */
    IndexKey cell() {
        return IndexKey.cell(summary.status(), job, summary.environment());
    }
}
