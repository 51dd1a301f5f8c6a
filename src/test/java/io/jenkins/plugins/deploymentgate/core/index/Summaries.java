package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter.Range;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery.Position;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Deployments and queries for the tests of the read model, drawn from so few values that they often meet. */
final class Summaries {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final List<String> JOBS = List.of("a", "team/a", "team/b", "team/sub/a", "teams/a", "team0", "z");

    private static final List<String> ENVIRONMENTS = List.of("production", "staging", "review/1");
    private static final List<String> PEOPLE = List.of("alice", "bob", "carol");

    private Summaries() {}

    static DeploymentSummary blocked(long id, String job, int build) {
        return new DeploymentSummary(
                id,
                (int) id,
                job,
                build,
                "production",
                "1." + id,
                "Deploy / eu",
                Status.BLOCKED,
                null,
                List.of("alice"),
                List.of(),
                2,
                NOON.plusSeconds(id),
                NOON.plusSeconds(id),
                Optional.empty());
    }

    /** The record of a deployment, as far as the read model can tell. */
    static DeploymentRecord record(DeploymentSummary one) {
        Optional<Instant> ended = one.id() % 2 == 0 ? Optional.of(NOON.plusSeconds(one.id())) : Optional.empty();
        return new DeploymentRecord(
                "{\"id\": " + one.id() + ", \"status\": \"" + one.status() + "\"}",
                new DeploymentRecord.Build(
                        one.id() % 3 == 0 ? Optional.of("c0ffee") : Optional.empty(),
                        NOON,
                        NOON.plusSeconds(1),
                        ended,
                        ended.map(any -> "SUCCESS")));
    }

    static DeploymentSummary ended(DeploymentSummary summary, Status status) {
        return new DeploymentSummary(
                summary.id(),
                summary.iid(),
                summary.job(),
                summary.build(),
                summary.environment(),
                summary.version(),
                summary.place(),
                status,
                null,
                summary.requesters(),
                List.of("bob"),
                0,
                summary.createdAt(),
                summary.updatedAt().plusSeconds(1),
                Optional.of(summary.updatedAt().plusSeconds(1)));
    }

    static DeploymentSummary random(Random random, long id) {
        Status status = Status.values()[random.nextInt(Status.values().length)];
        Instant created = NOON.plusMillis(random.nextInt(40) - 20);
        Instant updated = created.plusMillis(random.nextInt(20));
        return new DeploymentSummary(
                id,
                1 + random.nextInt(20),
                one(random, JOBS),
                1 + random.nextInt(5),
                one(random, ENVIRONMENTS),
                random.nextBoolean() ? "" : "1." + id,
                random.nextBoolean() ? "" : "Deploy",
                status,
                status == Status.FAILED && random.nextBoolean() ? EndReason.DEPLOYMENT_REJECTED : null,
                some(random),
                some(random),
                random.nextInt(3),
                created,
                updated,
                status.isFinal() ? Optional.of(updated) : Optional.empty());
    }

    private static List<String> some(Random random) {
        return PEOPLE.stream().filter(person -> random.nextInt(3) == 0).toList();
    }

    private static <T> T one(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    static DeploymentScope scope(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> DeploymentScope.EVERYWHERE;
            case 1 -> DeploymentScope.below(one(random, List.of("team", "team/sub", "teams", "nowhere")));
            default -> DeploymentScope.job(random.nextInt(8) == 0 ? "unheard of" : one(random, JOBS));
        };
    }

    static DeploymentFilter filter(Random random) {
        DeploymentFilter filter = DeploymentFilter.in(scope(random));
        if (random.nextInt(3) == 0) {
            filter = filter.to(one(random, ENVIRONMENTS));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.with(one(random, List.of(Status.values())));
        }
        if (random.nextInt(5) == 0) {
            filter = filter.requestedBy(one(random, PEOPLE));
        }
        if (random.nextInt(5) == 0) {
            filter = filter.votedOnBy(one(random, PEOPLE));
        }
        for (DeploymentOrder order : Set.of(DeploymentOrder.values())) {
            if (order != DeploymentOrder.REF && random.nextInt(7) == 0) {
                long middle = order == DeploymentOrder.ID || order == DeploymentOrder.IID ? 10 : NOON.toEpochMilli();
                long from = random.nextBoolean() ? Range.EARLIEST : middle + random.nextInt(30) - 20;
                long to = random.nextBoolean() ? Range.LATEST : middle + random.nextInt(30) - 10;
                filter = filter.between(order, from, to);
            }
        }
        return filter;
    }

    static DeploymentQuery query(Random random) {
        DeploymentQuery query = new DeploymentQuery(
                filter(random),
                one(random, List.of(DeploymentOrder.values())),
                random.nextBoolean(),
                random.nextBoolean() ? 0 : random.nextInt(30),
                random.nextBoolean() ? 1000 : random.nextInt(10));
        return random.nextInt(3) > 0
                ? query
                : query.after(Position.of(random(random, 1 + random.nextInt(150)), query.order()));
    }

    static DeploymentSummary inJob(DeploymentSummary one, String job) {
        return new DeploymentSummary(
                one.id(),
                one.iid(),
                job,
                one.build(),
                one.environment(),
                one.version(),
                one.place(),
                one.status(),
                one.failureReason(),
                one.requesters(),
                one.voters(),
                one.outstanding(),
                one.createdAt(),
                one.updatedAt(),
                one.finishedAt());
    }

    private static long value(DeploymentOrder order, DeploymentSummary one) {
        return (long) order.valueOf(one);
    }

    private static boolean accepts(DeploymentFilter filter, DeploymentSummary one) {
        return filter.scope().contains(one.job())
                && filter.environment().stream().allMatch(one.environment()::equals)
                && filter.status().stream().allMatch(status -> status == one.status())
                && filter.requester().stream().allMatch(one.requesters()::contains)
                && filter.voter().stream().allMatch(one.voters()::contains)
                && filter.ranges().entrySet().stream()
                        .allMatch(limit -> limit.getValue().from() <= value(limit.getKey(), one)
                                && value(limit.getKey(), one)
                                        <= limit.getValue().to());
    }

    /** What the read model must answer, by looking at everything. */
    static DeploymentList page(Stream<DeploymentSummary> all, DeploymentQuery query, Set<String> readable) {
        DeploymentOrder order = query.order();
        Comparator<DeploymentSummary> byValue = order == DeploymentOrder.REF
                ? Comparator.comparing(one -> (String) order.valueOf(one))
                : Comparator.comparing(one -> value(order, one));
        Comparator<DeploymentSummary> upwards = byValue.thenComparingLong(DeploymentSummary::id);
        Comparator<DeploymentSummary> comparator = query.descending() ? upwards.reversed() : upwards;
        List<DeploymentSummary> found = all.filter(one -> accepts(query.filter(), one))
                .filter(summary -> readable.contains(summary.job()))
                .sorted(comparator)
                .toList();
        List<DeploymentSummary> page = found.stream()
                .filter(one -> query.after().stream().allMatch(position -> isAfter(one, position, query)))
                .skip(query.offset())
                .limit(query.limit())
                .toList();
        return new DeploymentList(page, found.size(), true);
    }

    private static boolean isAfter(DeploymentSummary one, Position position, DeploymentQuery query) {
        int difference = query.order() == DeploymentOrder.REF
                ? ((String) query.order().valueOf(one)).compareTo((String) position.value())
                : Long.compare(value(query.order(), one), (long) position.value());
        int upwards = difference == 0 ? Long.compare(one.id(), position.id()) : difference;
        return query.descending() ? upwards < 0 : upwards > 0;
    }
}
