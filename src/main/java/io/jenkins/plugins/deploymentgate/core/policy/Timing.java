package io.jenkins.plugins.deploymentgate.core.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a deployment may go on, and until when.
 *
 * @param deadline how long a deployment may be blocked, counted from its gate; empty for ever
 * @param waitTime how long a deployment is blocked at least, counted from its gate; zero or more
 * @param freezes windows in which no deployment goes on
 */
public record Timing(Optional<Duration> deadline, Duration waitTime, List<FreezeWindow> freezes) {

    /** No deadline, no wait and no freeze. */
    public static final Timing ANY = new Timing(Optional.empty(), Duration.ZERO, List.of());

    /** How many adjacent windows are joined; what follows is looked at when these have passed. */
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
     * @param asked how long the pipeline is willing to wait; empty for as long as this allows
     * @return the earlier of the two deadlines; empty if there is none
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
     * @return when an approved deployment may go on; empty if it may now
     */
    public Optional<Instant> heldUntil(Instant createdAt, Instant now) {
        Instant free = Collections.max(List.of(now, createdAt.plus(waitTime)));
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
                Collections.max(List.of(waitTime, other.waitTime)),
                Stream.concat(freezes.stream(), other.freezes.stream())
                        .distinct()
                        .toList());
    }
}
