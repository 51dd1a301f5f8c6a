package io.jenkins.plugins.deploymentgate.audit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.audit.LedgerMaintenance.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A clock is trusted after an hour without a jump. */
class SteadyClockTest {

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private long nanos = Long.MAX_VALUE - 1;
    private final SteadyClock clock = new SteadyClock(() -> now, () -> nanos);

    private boolean isSteadyAfter(Duration elapsed, Duration jump) {
        now = now.plus(elapsed).plus(jump);
        nanos += elapsed.toNanos();
        return clock.isSteady();
    }

    @Test
    void theFirstHourDoesNotCount() {
        assertFalse(clock.isSteady());
        assertFalse(isSteadyAfter(Duration.ofMinutes(59), Duration.ZERO));
        assertTrue(isSteadyAfter(Duration.ofMinutes(1), Duration.ZERO));
        assertTrue(isSteadyAfter(Duration.ofDays(3), Duration.ofSeconds(10)), "clocks are adjusted a little");
    }

    @Test
    void anHourBeginsAgainWhenTheClockJumps() {
        assertTrue(isSteadyAfter(Duration.ofHours(2), Duration.ZERO));
        assertFalse(isSteadyAfter(Duration.ofMinutes(1), Duration.ofDays(800)));
        assertFalse(isSteadyAfter(Duration.ofMinutes(59), Duration.ZERO));
        assertTrue(isSteadyAfter(Duration.ofMinutes(1), Duration.ZERO));
        assertFalse(isSteadyAfter(Duration.ofMinutes(1), Duration.ofDays(-800)), "and backwards");
    }
}
