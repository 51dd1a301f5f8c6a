package io.jenkins.plugins.deploymentgate.core.index;

import java.time.Instant;
import java.util.Comparator;
import java.util.function.ToLongFunction;

/** What deployments can be ordered by. Equal ones are ordered by their ids. */
public enum DeploymentOrder {
    /** The id, which is the order in which gates were reached. */
    ID(DeploymentSummary::id),
    /** The number within the job. */
    IID(DeploymentSummary::iid),
    /** When the gate was reached. */
    CREATED_AT(summary -> summary.createdAt().toEpochMilli()),
    /** When it last changed. */
    UPDATED_AT(summary -> summary.updatedAt().toEpochMilli()),
    /** When it ended; those that have not come last. */
    FINISHED_AT(summary -> summary.finishedAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE)),
    /** The last part of the name of the job, which in a multibranch project is the branch. */
    REF(summary -> 0);

    private final ToLongFunction<DeploymentSummary> value;

    DeploymentOrder(ToLongFunction<DeploymentSummary> value) {
        this.value = value;
    }

    /**
     * @param summary a deployment
     * @return a number in the order of which these deployments are: an id, an iid, or milliseconds since 1970; of no
     *     meaning for {@link #REF}
     */
    public long valueOf(DeploymentSummary summary) {
        return value.applyAsLong(summary);
    }

    /**
     * @param job the full name of a job
     * @return what its deployments are ordered by, before their numbers are looked at
     */
    public String groupOf(String job) {
        return this == REF ? job.substring(job.lastIndexOf('/') + 1) : "";
    }

    Comparator<DeploymentSummary> comparator() {
        return Comparator.<DeploymentSummary, String>comparing(summary -> groupOf(summary.job()))
                .thenComparingLong(value)
                .thenComparingLong(DeploymentSummary::id);
    }
}
