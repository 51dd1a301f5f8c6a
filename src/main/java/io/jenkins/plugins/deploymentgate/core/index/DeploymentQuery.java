package io.jenkins.plugins.deploymentgate.core.index;

import java.util.Comparator;

/**
 * Which part of a list of deployments somebody wants.
 *
 * <p>Deployments that are added between two requests move those that come after them in the list. Whoever reads page after
 * page, and wants none twice and misses none, orders by id and asks for ids beyond the last that they have read, with
 * {@link DeploymentFilter#between} in place of an offset.
 *
 * @param filter what is in the list
 * @param order what the list is ordered by
 * @param descending whether the greatest comes first
 * @param offset how many to leave out at the beginning
 * @param limit how many at the most
 */
public record DeploymentQuery(
        DeploymentFilter filter, DeploymentOrder order, boolean descending, long offset, int limit) {

    /** Checks the numbers. */
    public DeploymentQuery {
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("a negative offset or limit");
        }
    }

    /**
     * @param filter what is wanted
     * @param limit how many at the most
     * @return the latest of them, the latest first
     */
    public static DeploymentQuery latest(DeploymentFilter filter, int limit) {
        return new DeploymentQuery(filter, DeploymentOrder.ID, true, 0, limit);
    }

    /** @return the order of the list */
    public Comparator<DeploymentSummary> comparator() {
        return descending ? order.comparator().reversed() : order.comparator();
    }
}
