package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A freeze from one date and time to another. */
public class DatedFreeze extends FreezeWindowConfig {

    private final String from;
    private final String to;

    /**
     * @param from the start, such as {@code 2026-12-20 18:00}
     * @param to the end, exclusive
     * @param timeZone the time zone of both
     */
    @DataBoundConstructor
    public DatedFreeze(@NonNull String from, @NonNull String to, @NonNull String timeZone) {
        super(timeZone);
        this.from = Util.fixNull(from).strip();
        this.to = Util.fixNull(to).strip();
    }

    /** @return the start, as configured */
    public String getFrom() {
        return from;
    }

    /** @return the end, as configured */
    public String getTo() {
        return to;
    }

    @Override
    FreezeWindow.Dated toWindow() {
        return new FreezeWindow.Dated(parse(from), parse(to), zone());
    }

    @Override
    Optional<String> problem() {
        return problemOfDate(from)
                .or(() -> problemOfDate(to))
                .or(() -> problemOfZone(getTimeZone()))
                .or(() -> parse(to).isAfter(parse(from))
                        ? Optional.empty()
                        : Optional.of(Messages.DatedFreeze_Reversed(describe())));
    }

    @Override
    String describe() {
        return from + " – " + to;
    }

    @Override
    boolean overlaps(FreezeWindowConfig other) {
        return other instanceof DatedFreeze that
                && zone().equals(that.zone())
                && parse(from).isBefore(parse(that.to))
                && parse(that.from).isBefore(parse(to));
    }

    private static LocalDateTime parse(String text) {
        return LocalDateTime.parse(text.replaceFirst(" +", "T"));
    }

    private static Optional<String> problemOfDate(@CheckForNull String text) {
        try {
            parse(Util.fixNull(text).strip());
            return Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.of(Messages.DatedFreeze_NoDate(Util.fixNull(text)));
        }
    }

    /** The form of a dated freeze. */
    @Extension
    @Symbol("dated")
    public static class DescriptorImpl extends Descriptor<FreezeWindowConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.DatedFreeze_DisplayName();
        }

        /** @return an error if the field holds no date and time */
        @POST
        public FormValidation doCheckFrom(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, problemOfDate(value));
        }

        /** @return an error if the field holds no date and time */
        @POST
        public FormValidation doCheckTo(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, problemOfDate(value));
        }

        /** @return an error if the field holds no time zone */
        @POST
        public FormValidation doCheckTimeZone(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, problemOfZone(value));
        }
    }
}
