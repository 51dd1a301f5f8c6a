package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final SteadyTime first = SteadyTime.first(NOON, Duration.ofMinutes(5));

    /** @return the reading when so many seconds have passed and the clock was set by so much in all */
    private static SteadyTime read(SteadyTime before, long seconds, Duration set) {
        return before.next(noon(seconds).plus(set), Duration.ofMinutes(5).plusSeconds(seconds));
    }

    private static Instant noon(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    @Test
    void aClockThatRunsEvenlyIsTrusted() {
        assertEquals(NOON, first.now());
        assertTrue(first.isTrusted());
        assertEquals(noon(10), read(first, 10, Duration.ZERO).now());
    }

    @Test
    void aMinuteMoreOrLessIsNoJump() {
        for (Duration minute : new Duration[] {Duration.ofMinutes(1), Duration.ofMinutes(-1)}) {
            assertEquals(noon(10).plus(minute), read(first, 10, minute).now());
            assertFalse(read(first, 10, minute.multipliedBy(2)).isTrusted());
        }
    }

    @Test
    void aJumpCountsOnceTheClockHasRunEvenlyForTenMinutes() {
        SteadyTime jumped = read(first, 10, DAY);
        assertFalse(jumped.isTrusted());
        assertEquals(DAY, jumped.jump());
        assertEquals(noon(10), jumped.now());
        assertEquals(noon(609), read(jumped, 609, DAY).now());
        SteadyTime trusted = read(jumped, 610, DAY);
        assertTrue(trusted.isTrusted());
        assertEquals(noon(610).plus(DAY), trusted.now());
        assertEquals(noon(620).plus(DAY), read(trusted, 620, DAY).now());
    }

    @Test
    void aClockThatIsSetRightAgainHasNeverBeenWrong() {
        SteadyTime right = read(read(first, 10, DAY), 300, Duration.ZERO);
        assertEquals(Duration.ZERO, right.jump());
        assertFalse(right.isTrusted(), "it has to run evenly first");
        assertEquals(noon(300), right.now());
        assertEquals(noon(900), read(right, 900, Duration.ZERO).now());
    }

    @Test
    void jumpsBeforeTheClockIsTrustedAddUpAndLaterOnesDoNot() {
        SteadyTime twice = read(read(first, 10, DAY), 20, DAY.multipliedBy(3));
        assertEquals(DAY.multipliedBy(3), twice.jump());
        assertEquals(noon(20), twice.now());
        SteadyTime trusted = read(twice, 620, DAY.multipliedBy(3));
        assertTrue(trusted.isTrusted());
        SteadyTime later = read(trusted, 630, DAY.multipliedBy(2));
        assertEquals(DAY.negated(), later.jump());
        assertEquals(noon(630).plus(DAY.multipliedBy(3)), later.now());
    }

    @Test
    void aFirstReadingCanCountAsAJumpForAnHour() {
        Duration hour = Duration.ofHours(1);
        SteadyTime time = SteadyTime.untrusted(NOON, Duration.ofMinutes(5), hour);
        assertFalse(time.isTrusted());
        assertFalse(read(time, 3599, Duration.ZERO).isTrusted());
        SteadyTime trusted = read(time, 3600, Duration.ZERO);
        assertTrue(trusted.isTrusted());
        SteadyTime jumped = read(trusted, 3700, DAY.negated());
        assertFalse(read(jumped, 3700 + 3599, DAY.negated()).isTrusted());
        assertTrue(read(jumped, 3700 + 3600, DAY.negated()).isTrusted());
    }
}
