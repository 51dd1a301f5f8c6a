package io.jenkins.plugins.deploymentgate.core.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A time in which deployments can be approved, but do not go on. The start belongs to it, the end does not.
 *
 * <p>Start and end are local times in a time zone. When clocks are set back, some local times occur twice: the window starts at
 * the first occurrence of its start and ends at the second occurrence of its end, so both passes of a repeated hour are frozen.
 * When clocks are set forward, a start that they skip is the instant at which they are set.
 */
public sealed interface FreezeWindow {

    /** @return the end of the window if the instant lies in it; empty if not */
    Optional<Instant> endAt(Instant instant);

    /**
     * From one date and time to another.
     *
     * @param from the start, as the clocks in the zone show it
     * @param to the end, later than the start
     * @param zone the time zone of the window
     */
    record Dated(LocalDateTime from, LocalDateTime to, ZoneId zone) implements FreezeWindow {

        /** @throws IllegalArgumentException if the end is not after the start */
        public Dated {
            if (!to.isAfter(from)) {
                throw new IllegalArgumentException("from " + from + " to " + to);
            }
        }

        @Override
        public Optional<Instant> endAt(Instant instant) {
            return new Span(from, to, zone).endAt(instant);
        }
    }

    /**
     * Every week, from one day and time to the following other day and time.
     *
     * @param fromDay the day of the start
     * @param from the time of the start
     * @param toDay the day of the end
     * @param to the time of the end; not the same day and time as the start
     * @param zone the time zone of the window
     */
    record Weekly(DayOfWeek fromDay, LocalTime from, DayOfWeek toDay, LocalTime to, ZoneId zone)
            implements FreezeWindow {

        /** @throws IllegalArgumentException if start and end are the same */
        public Weekly {
            if (fromDay == toDay && from.equals(to)) {
                throw new IllegalArgumentException("from and to " + fromDay + " " + from);
            }
        }

        @Override
        public Optional<Instant> endAt(Instant instant) {
            LocalDate latest = instant.atZone(zone).toLocalDate().with(TemporalAdjusters.previousOrSame(fromDay));
            return Stream.of(latest, latest.minusWeeks(1))
                    .flatMap(day -> new Span(day.atTime(from), following(day), zone).endAt(instant).stream())
                    .findFirst();
        }

        private LocalDateTime following(LocalDate start) {
            LocalDateTime end = start.with(TemporalAdjusters.nextOrSame(toDay)).atTime(to);
            return end.isAfter(start.atTime(from)) ? end : end.plusWeeks(1);
        }
    }

    /** The time between two readings of the clocks in a zone. */
    record Span(LocalDateTime from, LocalDateTime to, ZoneId zone) {

        /** @return its end, if the instant lies in it */
        Optional<Instant> endAt(Instant instant) {
            Instant end = to.atZone(zone).withLaterOffsetAtOverlap().toInstant();
            return instant.isBefore(start()) || !instant.isBefore(end) ? Optional.empty() : Optional.of(end);
        }

        private Instant start() {
            ZoneOffsetTransition change = zone.getRules().getTransition(from);
            return change != null && change.isGap()
                    ? change.getInstant()
                    : from.atZone(zone).toInstant();
        }
    }
}
