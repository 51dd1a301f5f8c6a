package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which deployments somebody wants. Empty means that it makes no difference.
 *
 * @param scope where
 * @param environment the exact name of the environment
 * @param status the status
 * @param requester canonical id of one of the people who asked for it
 * @param voter canonical id of somebody whose vote on it stands
 * @param ranges in which ranges its ids and times are
 */
public record DeploymentFilter(
        DeploymentScope scope,
        Optional<String> environment,
        Optional<Status> status,
        Optional<String> requester,
        Optional<String> voter,
        Map<DeploymentOrder, Range> ranges) {

    /**
     * Both ends belong to it.
     *
     * @param from the least number, as of {@link DeploymentOrder#valueOf}
     * @param to the greatest
     */
    public record Range(long from, long to) {

        /** The end for ranges of times that have none: later than all, and earlier than never. */
        public static final long LATEST = Long.MAX_VALUE - 1;

        /** The beginning for ranges that have none. */
        public static final long EARLIEST = Long.MIN_VALUE;

        boolean contains(long value) {
            return from <= value && value <= to;
        }

        Range and(Range other) {
            return new Range(Math.max(from, other.from), Math.min(to, other.to));
        }
    }

    /** Copies the ranges. */
    public DeploymentFilter {
        ranges = Map.copyOf(ranges);
        if (ranges.containsKey(DeploymentOrder.REF)) {
            throw new IllegalArgumentException("there are no ranges of refs");
        }
    }

    /**
     * @param scope where
     * @return all deployments there
     */
    public static DeploymentFilter in(DeploymentScope scope) {
        return new DeploymentFilter(
                scope, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    /**
     * @param name the exact name of an environment
     * @return those of these that are to that environment
     */
    public DeploymentFilter to(String name) {
        return new DeploymentFilter(scope, Optional.of(name), status, requester, voter, ranges);
    }

    /**
     * @param word a status
     * @return those of these that have it
     */
    public DeploymentFilter with(Status word) {
        return new DeploymentFilter(scope, environment, Optional.of(word), requester, voter, ranges);
    }

    /**
     * @param person a canonical id
     * @return those of these that this person asked for
     */
    public DeploymentFilter requestedBy(String person) {
        return new DeploymentFilter(scope, environment, status, Optional.of(person), voter, ranges);
    }

    /**
     * @param person a canonical id
     * @return those of these that this person has voted on
     */
    public DeploymentFilter votedOnBy(String person) {
        return new DeploymentFilter(scope, environment, status, requester, Optional.of(person), ranges);
    }

    /**
     * @param order what is limited; not {@link DeploymentOrder#REF}
     * @param from the least number, as of {@link DeploymentOrder#valueOf}, or {@link Range#EARLIEST}
     * @param to the greatest, or {@link Range#LATEST}; what has not finished is in no range of times of finishing
     * @return those of these for which that number is in between, or at an end
     */
    public DeploymentFilter between(DeploymentOrder order, long from, long to) {
        Map<DeploymentOrder, Range> more = new EnumMap<>(DeploymentOrder.class);
        more.putAll(ranges);
        more.merge(order, new Range(from, Math.min(to, Range.LATEST)), Range::and);
        return new DeploymentFilter(scope, environment, status, requester, voter, more);
    }

    /**
     * @param order a time
     * @param limit an instant
     * @return those of these for which that time, in the milliseconds that people are shown, is later
     */
    public DeploymentFilter after(DeploymentOrder order, Instant limit) {
        return between(order, limit.toEpochMilli() + 1, Range.LATEST);
    }

    /**
     * @param order a time
     * @param limit an instant
     * @return those of these for which that time, in the milliseconds that people are shown, is earlier
     */
    public DeploymentFilter before(DeploymentOrder order, Instant limit) {
        return between(order, Range.EARLIEST, limit.minusNanos(1).toEpochMilli());
    }

    /**
     * @param summary a deployment
     * @return whether it is one of these
     */
    public boolean accepts(DeploymentSummary summary) {
        return scope.contains(summary.job())
                && environment
                        .filter(name -> !name.equals(summary.environment()))
                        .isEmpty()
                && status.filter(word -> word != summary.status()).isEmpty()
                && requester
                        .filter(person -> !summary.requesters().contains(person))
                        .isEmpty()
                && voter.filter(person -> !summary.voters().contains(person)).isEmpty()
                && ranges.entrySet().stream()
                        .allMatch(range ->
                                range.getValue().contains(range.getKey().valueOf(summary)));
    }
}
