package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** A freeze window that repeats every week. */
public class WeeklyFreeze extends FreezeWindowConfig {

    private static final int MINUTES_OF_A_DAY = 24 * 60;
    private static final int MINUTES_OF_A_WEEK = 7 * MINUTES_OF_A_DAY;

    private final String fromDay;
    private final String fromTime;
    private final String toDay;
    private final String toTime;

    /**
     * @param fromDay the day of the start, such as {@code FRIDAY}
     * @param fromTime the time of the start, such as {@code 18:00}
     * @param toDay the day of the end
     * @param toTime the time of the end, exclusive
     * @param timeZone the time zone of both
     */
    @DataBoundConstructor
    public WeeklyFreeze(
            @NonNull String fromDay,
            @NonNull String fromTime,
            @NonNull String toDay,
            @NonNull String toTime,
            @NonNull String timeZone) {
        super(timeZone);
        this.fromDay = Util.fixNull(fromDay).strip().toUpperCase(Locale.ROOT);
        this.fromTime = Util.fixNull(fromTime).strip();
        this.toDay = Util.fixNull(toDay).strip().toUpperCase(Locale.ROOT);
        this.toTime = Util.fixNull(toTime).strip();
    }

    /** @return the day of the start, in English and upper case */
    public String getFromDay() {
        return fromDay;
    }

    /** @return the time of the start, as configured */
    public String getFromTime() {
        return fromTime;
    }

    /** @return the day of the end, in English and upper case */
    public String getToDay() {
        return toDay;
    }

    /** @return the time of the end, as configured */
    public String getToTime() {
        return toTime;
    }

    @Override
    FreezeWindow.Weekly toWindow() {
        return new FreezeWindow.Weekly(
                DayOfWeek.valueOf(fromDay),
                LocalTime.parse(fromTime),
                DayOfWeek.valueOf(toDay),
                LocalTime.parse(toTime),
                zone());
    }

    @Override
    Optional<String> problem() {
        return problemOfDay(fromDay)
                .or(() -> problemOfTime(fromTime))
                .or(() -> problemOfDay(toDay))
                .or(() -> problemOfTime(toTime))
                .or(() -> problemOfZone(getTimeZone()))
                .or(() -> start() == end() ? Optional.of(Messages.WeeklyFreeze_NoLength()) : Optional.empty());
    }

    @Override
    String describe() {
        return fromDay + " " + fromTime + " – " + toDay + " " + toTime;
    }

    @Override
    boolean overlaps(FreezeWindowConfig other) {
        return other instanceof WeeklyFreeze that
                && zone().equals(that.zone())
                && (contains(that.start()) || that.contains(start()));
    }

    private boolean contains(int minute) {
        return Math.floorMod(minute - start(), MINUTES_OF_A_WEEK) < Math.floorMod(end() - start(), MINUTES_OF_A_WEEK);
    }

    private int start() {
        return minute(fromDay, fromTime);
    }

    private int end() {
        return minute(toDay, toTime);
    }

    private static int minute(String day, String time) {
        return DayOfWeek.valueOf(day).ordinal() * MINUTES_OF_A_DAY
                + LocalTime.parse(time).toSecondOfDay() / 60;
    }

    private static Optional<String> problemOfDay(String day) {
        return Stream.of(DayOfWeek.values()).anyMatch(known -> known.name().equals(day))
                ? Optional.empty()
                : Optional.of(Messages.WeeklyFreeze_NoDay(day));
    }

    private static Optional<String> problemOfTime(@CheckForNull String time) {
        try {
            LocalTime.parse(Util.fixNull(time).strip());
            return Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.of(Messages.WeeklyFreeze_NoTime(Util.fixNull(time)));
        }
    }

    /** The form of a weekly freeze. */
    @Extension
    @Symbol("weekly")
    public static class DescriptorImpl extends Descriptor<FreezeWindowConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.WeeklyFreeze_DisplayName();
        }

        /** @return the days of the week; they are no secret */
        @POST
        public ListBoxModel doFillFromDayItems() {
            return days();
        }

        /** @return the days of the week; they are no secret */
        @POST
        public ListBoxModel doFillToDayItems() {
            return days();
        }

        private static ListBoxModel days() {
            StaplerRequest2 request = Stapler.getCurrentRequest2();
            Locale locale = request == null ? Locale.getDefault() : request.getLocale();
            ListBoxModel items = new ListBoxModel();
            for (DayOfWeek day : DayOfWeek.values()) {
                items.add(day.getDisplayName(TextStyle.FULL_STANDALONE, locale), day.name());
            }
            return items;
        }

        /** @return an error if the field holds no time */
        @POST
        public FormValidation doCheckFromTime(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, problemOfTime(value));
        }

        /** @return an error if the field holds no time */
        @POST
        public FormValidation doCheckToTime(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, problemOfTime(value));
        }

        /** @return an error if the field holds no time zone */
        @POST
        public FormValidation doCheckTimeZone(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, problemOfZone(value));
        }
    }
}
