package io.jenkins.plugins.deploymentgate.core.index;

import java.util.Optional;

/**
 * Which part of a list of deployments is wanted. Deployments that are added between two requests move those that come after
 * them to higher offsets; a client that reads all pages therefore asks for what comes after the last that it has read.
 *
 * @param filter what is in the list
 * @param order what the list is ordered by
 * @param descending whether the greatest comes first
 * @param after the position after which the part begins; empty for the beginning of the list
 * @param offset how many entries to skip from there
 * @param limit how many entries to return at most
 */
public record DeploymentQuery(
        DeploymentFilter filter,
        DeploymentOrder order,
        boolean descending,
        Optional<Position> after,
        long offset,
        int limit) {

    /** Checks the numbers. */
    public DeploymentQuery {
        if (offset < 0 || limit < 0) {
            throw new IllegalArgumentException("a negative offset or limit");
        }
    }

    public DeploymentQuery(DeploymentFilter filter, DeploymentOrder order, boolean descending, long offset, int limit) {
        this(filter, order, descending, Optional.empty(), offset, limit);
    }

    /** @return the latest deployments that the filter admits, the latest first */
    public static DeploymentQuery latest(DeploymentFilter filter, int limit) {
        return new DeploymentQuery(filter, DeploymentOrder.ID, true, 0, limit);
    }

    /** @return the same list from that position on */
    public DeploymentQuery after(Position position) {
        return new DeploymentQuery(filter, order, descending, Optional.of(position), 0, limit);
    }

    /**
     * A position in an ordered list.
     *
     * @param value what the list is ordered by: a long, or a ref
     * @param id the id of the deployment at that position
     */
    public record Position(Object value, long id) {

        /** @return the position of a deployment, which it may leave when it changes */
        public static Position of(DeploymentSummary summary, DeploymentOrder order) {
            return new Position(order.valueOf(summary), summary.id());
        }

        /** @return what {@link #toString} has returned; empty for anything else */
        public static Optional<Position> parse(String text, DeploymentOrder order) {
            int colon = Math.max(0, text.lastIndexOf(':'));
            String value = text.substring(0, colon);
            try {
                return Optional.of(new Position(
                        order == DeploymentOrder.REF ? value : Long.valueOf(value),
                        Long.parseLong(text.substring(colon + 1))));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return value + ":" + id;
        }
    }
}
