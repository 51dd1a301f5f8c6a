package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/** Formats times in the reader's language and time zone. */
@Restricted(NoExternalUse.class)
public final class Times {

    private final ZoneId zone;

    /** @param zone the id of the reader's time zone; null for the server's */
    Times(@CheckForNull String zone) {
        this.zone = zone(zone);
    }

    /**
     * @param id the id of the reader's time zone; null for the server's
     * @return that time zone
     */
    static ZoneId zone(@CheckForNull String id) {
        return id == null ? ZoneId.systemDefault() : ZoneId.of(id);
    }

    /**
     * @param instant a point in time
     * @return date and time in the reader's language and time zone, with the zone's name
     */
    public String at(Instant instant) {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.LONG)
                .withLocale(request == null ? Locale.getDefault() : request.getLocale())
                .withZone(zone)
                .format(instant);
    }

    /**
     * @param instant a point in time that has passed
     * @return how long ago that was, in the reader's language
     */
    public String since(Instant instant) {
        return Util.getTimeSpanString(
                Math.max(0, Duration.between(instant, Instant.now()).toMillis()));
    }

    /**
     * @param instant a point in time that is to come
     * @return how long that will take, in the reader's language
     */
    public String until(Instant instant) {
        return Util.getTimeSpanString(
                Math.max(0, Duration.between(Instant.now(), instant).toMillis()));
    }
}
