package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;

/**
 * A key in a table of the index. What the first three parts single out is a range of keys, which is in the order of the
 * last two. What the parts are depends on the table; what a table has no use for is 0 or empty there.
 *
 * @param status the code of a status; 0 for any
 * @param job the key of a job; 0 for any
 * @param name the name of an environment, or the id of a person
 * @param value what the table is ordered by
 * @param id the id of the deployment
 */
record IndexKey(int status, int job, String name, long value, long id) implements Comparable<IndexKey> {

    /** The least key for all deployments, whatever they are and wherever. */
    static final IndexKey ANY = new IndexKey(0, 0, "", 0, 0);

    /** @return the code of a status; above 0 */
    static int code(Status status) {
        return status.ordinal() + 1;
    }

    /** @return the key of a job's deployments to an environment that have a status */
    static IndexKey cell(Status status, int job, String environment) {
        return new IndexKey(code(status), job, environment, 0, 0);
    }

    /** @return the same with other last parts */
    IndexKey at(long other, long deployment) {
        return new IndexKey(status, job, name, other, deployment);
    }

    @Override
    public int compareTo(IndexKey other) {
        int order = Integer.compare(status, other.status);
        if (order == 0) {
            order = Integer.compare(job, other.job);
        }
        if (order == 0) {
            order = name.compareTo(other.name);
        }
        return order == 0 ? compareLast(other) : order;
    }

    /** Compares the last two parts alone. */
    int compareLast(IndexKey other) {
        int order = Long.compare(value, other.value);
        return order == 0 ? Long.compare(id, other.id) : order;
    }
}
