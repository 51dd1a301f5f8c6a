package io.jenkins.plugins.deploymentgate.service;

import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.Status;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which deployments somebody wants to see, and in which order. Empty means that it makes no difference.
 *
 * @param environment the exact name of the environment
 * @param status the status
 * @param updatedAfter changed later than this
 * @param updatedBefore changed earlier than this
 * @param finishedAfter ended later than this; those that have not ended are left out
 * @param finishedBefore ended earlier than this; those that have not ended are left out
 * @param order by what they are ordered
 * @param descending whether the greatest comes first
 */
public record DeploymentQuery(
        Optional<String> environment,
        Optional<Status> status,
        Optional<Instant> updatedAfter,
        Optional<Instant> updatedBefore,
        Optional<Instant> finishedAfter,
        Optional<Instant> finishedBefore,
        Order order,
        boolean descending) {

    /** What deployments can be ordered by. Equal ones are ordered by their ids. */
    public enum Order {
        /** The id, which is the order in which gates were reached. */
        ID(Comparator.comparingLong(found -> found.deployment().id())),
        /** The number within the job. */
        IID(Comparator.comparingInt(found -> found.deployment().iid())),
        /** When the gate was reached. */
        CREATED_AT(Comparator.comparing(found -> found.deployment().createdAt())),
        /** When it last changed. */
        UPDATED_AT(Comparator.comparing(found -> found.deployment().times().updatedAt())),
        /** When it ended; those that have not come last. */
        FINISHED_AT(Comparator.comparing(
                found -> found.deployment().times().finishedAt().orElse(null),
                Comparator.nullsLast(Comparator.naturalOrder()))),
        /** The name of the job, which in a multibranch project is the branch. */
        REF(Comparator.comparing(found -> found.job().getName()));

        private final Comparator<FoundDeployment> comparator;

        Order(Comparator<FoundDeployment> comparator) {
            this.comparator = comparator;
        }
    }

    /** @return all deployments, in the order of their ids */
    public static DeploymentQuery everything() {
        return new DeploymentQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Order.ID,
                false);
    }

    /**
     * @param environment the name of an environment
     * @param status a status
     * @return the deployments to it that have the status, the latest first
     */
    public static DeploymentQuery latestOf(String environment, Status status) {
        return new DeploymentQuery(
                Optional.of(environment),
                Optional.of(status),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Order.ID,
                true);
    }

    Comparator<FoundDeployment> comparator() {
        Comparator<FoundDeployment> ascending = order.comparator.thenComparing(Order.ID.comparator);
        return descending ? ascending.reversed() : ascending;
    }

    boolean accepts(Deployment deployment) {
        return holds(environment, deployment.environment()::equals)
                && holds(status, deployment.status()::equals)
                && between(updatedAfter, Optional.of(deployment.times().updatedAt()), updatedBefore)
                && between(finishedAfter, deployment.times().finishedAt(), finishedBefore);
    }

    private static boolean between(Optional<Instant> after, Optional<Instant> at, Optional<Instant> before) {
        return holds(after, limit -> at.filter(limit::isBefore).isPresent())
                && holds(before, limit -> at.filter(limit::isAfter).isPresent());
    }

    private static <T> boolean holds(Optional<T> wish, Function<T, Boolean> test) {
        return wish.map(test).orElse(true);
    }
}
