package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Duration;
import java.time.Instant;

/**
 * The time by which deployments expire and freezes end, protected against a system clock that is wrong for a while. If the
 * clock jumps while Jenkins runs, the jump counts only after the clock has run evenly for some time. If it is set
 * right before that, nothing has expired and nothing was released. A jump while Jenkins is down cannot be told from time
 * that passed.
 *
 * @param wall what the system clock shows
 * @param running how long Jenkins has been running, by a clock that is never set
 * @param jump by how much the system clock has jumped since it was last trusted; negative if backwards
 * @param trustedFrom the running time from which the system clock is trusted
 * @param hold how long the system clock must run evenly after a jump
 */
public record SteadyTime(Instant wall, Duration running, Duration jump, Duration trustedFrom, Duration hold) {

    /** How long the system clock must run evenly before deadlines and freezes follow a jump. */
    public static final Duration HOLD = Duration.ofMinutes(10);

    /** A smaller difference between two readings is not a jump: clocks are adjusted, and threads wait for a processor. */
    static final Duration TOLERANCE = Duration.ofMinutes(1);

    /**
     * @param wall what the system clock shows
     * @param running how long Jenkins has been running
     * @return the first reading, at which the system clock is trusted
     */
    public static SteadyTime first(Instant wall, Duration running) {
        return new SteadyTime(wall, running, Duration.ZERO, running, HOLD);
    }

    /** @return a first reading at which the system clock is not trusted before it has run evenly for so long */
    public static SteadyTime untrusted(Instant wall, Duration running, Duration hold) {
        return new SteadyTime(wall, running, Duration.ZERO, running.plus(hold), hold);
    }

    /**
     * @param nextWall what the system clock shows
     * @param nextRunning how long Jenkins has been running
     * @return the next reading; to be taken every few seconds, since what is more than {@link #TOLERANCE} counts as a jump
     */
    public SteadyTime next(Instant nextWall, Duration nextRunning) {
        Duration step = Duration.between(wall, nextWall).minus(nextRunning.minus(running));
        if (step.abs().compareTo(TOLERANCE) <= 0) {
            return new SteadyTime(nextWall, nextRunning, jump, trustedFrom, hold);
        }
        return new SteadyTime(
                nextWall, nextRunning, isTrusted() ? step : jump.plus(step), nextRunning.plus(hold), hold);
    }

    /** @return whether the system clock has run evenly for long enough */
    public boolean isTrusted() {
        return running.compareTo(trustedFrom) >= 0;
    }

    /** @return the time to decide by: the system clock, or while that is not trusted, what it would show without the jump */
    public Instant now() {
        return isTrusted() ? wall : wall.minus(jump);
    }
}
