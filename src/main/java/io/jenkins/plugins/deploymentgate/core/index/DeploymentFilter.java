package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which deployments are wanted. An empty value does not restrict them.
 *
 * @param scope the jobs
 * @param environment the exact name of the environment
 * @param status the status
 * @param requester canonical id of one of the requesters
 * @param voter canonical id of somebody whose vote stands
 * @param ranges limits of ids (as numbers) and of times (in milliseconds since 1970)
 */
public record DeploymentFilter(
        DeploymentScope scope,
        Optional<String> environment,
        Optional<Status> status,
        Optional<String> requester,
        Optional<String> voter,
        Map<DeploymentOrder, Range> ranges) {

    /** From the lower limit to the upper limit, both included. A deployment that has not finished is later than the latest. */
    public record Range(long from, long to) {

        public static final long LATEST = DeploymentOrder.UNFINISHED - 1;
        public static final long EARLIEST = Long.MIN_VALUE;
    }

    /** Copies the ranges. */
    public DeploymentFilter {
        ranges = Map.copyOf(ranges);
        if (ranges.containsKey(DeploymentOrder.REF)) {
            throw new IllegalArgumentException("there are no ranges of refs");
        }
    }

    /** @return all deployments of a scope */
    public static DeploymentFilter in(DeploymentScope scope) {
        return new DeploymentFilter(
                scope, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    /** @return those of these that are to the environment of that name */
    public DeploymentFilter to(String name) {
        return new DeploymentFilter(scope, Optional.of(name), status, requester, voter, ranges);
    }

    /** @return those of these that have a status */
    public DeploymentFilter with(Status word) {
        return new DeploymentFilter(scope, environment, Optional.of(word), requester, voter, ranges);
    }

    /** @return those of these that the person with a canonical id requested */
    public DeploymentFilter requestedBy(String person) {
        return new DeploymentFilter(scope, environment, status, Optional.of(person), voter, ranges);
    }

    /** @return those of these on which the person with a canonical id has voted */
    public DeploymentFilter votedOnBy(String person) {
        return new DeploymentFilter(scope, environment, status, requester, Optional.of(person), ranges);
    }

    /** @return those of these within the limits, which are included; an order that is limited already is limited further */
    public DeploymentFilter between(DeploymentOrder order, long from, long to) {
        Map<DeploymentOrder, Range> more = new EnumMap<>(DeploymentOrder.class);
        more.putAll(ranges);
        more.merge(
                order,
                new Range(from, Math.min(to, Range.LATEST)),
                (one, other) -> new Range(Math.max(one.from, other.from), Math.min(one.to, other.to)));
        return new DeploymentFilter(scope, environment, status, requester, voter, more);
    }

    /** @return those of these for which a time, in whole milliseconds, is later than the limit */
    public DeploymentFilter after(DeploymentOrder time, Instant limit) {
        return between(time, limit.toEpochMilli() + 1, Range.LATEST);
    }

    /** @return those of these for which a time, in whole milliseconds, is earlier than the limit */
    public DeploymentFilter before(DeploymentOrder time, Instant limit) {
        return between(time, Range.EARLIEST, limit.minusNanos(1).toEpochMilli());
    }
}
