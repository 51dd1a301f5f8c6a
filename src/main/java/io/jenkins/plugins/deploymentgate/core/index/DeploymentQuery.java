package io.jenkins.plugins.deploymentgate.core.index;

/**
 * Which part of a list of deployments is wanted.
 *
 * <p>Deployments that are added between two requests move those that come after them in the list. A client that reads all
 * pages orders by id and asks for ids beyond the last that it has read, with {@link DeploymentFilter#between} in place of an
 * offset.
 *
 * @param filter what is in the list
 * @param order what the list is ordered by
 * @param descending whether the greatest comes first
 * @param offset how many entries to skip
 * @param limit how many entries to return at most
 */
public record DeploymentQuery(
        DeploymentFilter filter, DeploymentOrder order, boolean descending, long offset, int limit) {

    /** Checks the numbers. */
    public DeploymentQuery {
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("a negative offset or limit");
        }
    }

    /** @return the latest deployments that the filter admits, the latest first */
    public static DeploymentQuery latest(DeploymentFilter filter, int limit) {
        return new DeploymentQuery(filter, DeploymentOrder.ID, true, 0, limit);
    }
}
