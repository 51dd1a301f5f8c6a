package io.jenkins.plugins.deploymentgate.core.index;

import java.time.Instant;
import java.util.Locale;

/** What deployments can be ordered by. Equal ones are ordered by their ids. */
public enum DeploymentOrder {
    /** The id, which is the order in which gates were reached. */
    ID,
    /** The number within the job. */
    IID,
    /** When the gate was reached. */
    CREATED_AT,
    /** When it last changed. */
    UPDATED_AT,
    /** When it ended; those that have not ended come last. */
    FINISHED_AT,
    /** The last part of the name of the job, which in a multibranch project is the branch. */
    REF;

    /** The time of finishing of what has not finished. */
    static final long UNFINISHED = Long.MAX_VALUE;

    /** @return the name of the column; the index {@code by_<column>} is in this order */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return what is in that column: a number, or the ref */
    Object valueOf(DeploymentSummary one) {
        return switch (this) {
            case ID -> one.id();
            case IID -> (long) one.iid();
            case CREATED_AT -> one.createdAt().toEpochMilli();
            case UPDATED_AT -> one.updatedAt().toEpochMilli();
            case FINISHED_AT -> one.finishedAt().map(Instant::toEpochMilli).orElse(UNFINISHED);
            case REF -> refOf(one.job());
        };
    }

    static String refOf(String job) {
        return job.substring(job.lastIndexOf('/') + 1);
    }
}
