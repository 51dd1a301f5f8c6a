package io.jenkins.plugins.deploymentgate.core.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a deployment may go on, and until when.
 *
 * @param deadline how long a deployment may wait, counted from its gate; empty for ever
 * @param waitTime how long it waits at least, counted from its gate; zero or more
 * @param freezes when nothing may go on
 */
public record Timing(Optional<Duration> deadline, Duration waitTime, List<FreezeWindow> freezes) {

    /** At any time, and for ever. */
    public static final Timing ANY = new Timing(Optional.empty(), Duration.ZERO, List.of());

    /** Windows that follow each other without a gap, at the most; the rest is looked at when these have passed. */
    private static final int MAX_HOPS = 100;

    /** @throws IllegalArgumentException if a time is negative, or the deadline zero */
    public Timing {
        if (waitTime.isNegative()
                || deadline.filter(limit -> limit.isNegative() || limit.isZero())
                        .isPresent()) {
            throw new IllegalArgumentException("deadline " + deadline + ", wait time " + waitTime);
        }
        freezes = List.copyOf(freezes);
    }

    /**
     * @param createdAt when the gate was reached
     * @param asked how long the pipeline is willing to wait
     * @return when the deployment fails unless it has gone on before; the earlier one of the two
     */
    public Optional<Instant> deadline(Instant createdAt, Optional<Duration> asked) {
        return Stream.of(deadline, asked)
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .map(createdAt::plus);
    }

    /**
     * @param createdAt when the gate was reached
     * @param now any instant since
     * @return when an approved deployment may go on, because it has waited and nothing is frozen; empty if it may now
     */
    public Optional<Instant> heldUntil(Instant createdAt, Instant now) {
        Instant free = createdAt.plus(waitTime).isAfter(now) ? createdAt.plus(waitTime) : now;
        for (int hop = 0; hop < MAX_HOPS; hop++) {
            Optional<Instant> end = frozenUntil(free);
            if (end.isEmpty()) {
                break;
            }
            free = end.get();
        }
        return free.equals(now) ? Optional.empty() : Optional.of(free);
    }

    private Optional<Instant> frozenUntil(Instant instant) {
        return freezes.stream()
                .flatMap(freeze -> freeze.endAt(instant).stream())
                .max(Comparator.naturalOrder());
    }

    /**
     * @param other applies too
     * @return the stricter union: the shorter deadline, the longer wait, all windows
     */
    public Timing and(Timing other) {
        return new Timing(
                Stream.of(deadline, other.deadline).flatMap(Optional::stream).min(Comparator.naturalOrder()),
                waitTime.compareTo(other.waitTime) >= 0 ? waitTime : other.waitTime,
                Stream.concat(freezes.stream(), other.freezes.stream())
                        .distinct()
                        .toList());
    }
}
