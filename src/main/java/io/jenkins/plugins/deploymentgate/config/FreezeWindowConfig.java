package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The configuration of a freeze window, in which deployments can be approved but do not continue. Not validated. */
public abstract class FreezeWindowConfig extends AbstractDescribableImpl<FreezeWindowConfig> {

    private final String timeZone;

    /** @param timeZone the time zone of the window, such as {@code Europe/Berlin} or {@code UTC} */
    FreezeWindowConfig(@CheckForNull String timeZone) {
        this.timeZone = Util.fixNull(timeZone).strip();
    }

    /** @return the time zone, as configured */
    public final String getTimeZone() {
        return timeZone;
    }

    /** @return the window as the policy has it */
    abstract FreezeWindow toWindow();

    /** @return an error message; empty if {@link #toWindow} can be called */
    abstract Optional<String> problem();

    /** @return the window as it was configured, for messages */
    abstract String describe();

    /** @return whether both have the same type and time zone and share some time */
    abstract boolean overlaps(FreezeWindowConfig other);

    final ZoneId zone() {
        return ZoneId.of(timeZone);
    }

    /** @return what is wrong with it, for people */
    static Optional<String> problemOfZone(@CheckForNull String timeZone) {
        String id = Util.fixNull(timeZone).strip();
        if (id.isEmpty()) {
            return Optional.of(Messages.FreezeWindowConfig_TimeZone_Empty());
        }
        try {
            ZoneId.of(id);
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.of(Messages.FreezeWindowConfig_TimeZone_Unknown(id));
        }
    }

    /** @return what is wrong with one of them, or that two of them overlap, for people */
    static Optional<String> problemOf(List<FreezeWindowConfig> windows) {
        List<FreezeWindowConfig> seen = new ArrayList<>();
        for (FreezeWindowConfig window : windows) {
            Optional<String> problem = window.problem()
                    .or(() -> seen.stream()
                            .filter(window::overlaps)
                            .findFirst()
                            .map(other -> Messages.FreezeWindowConfig_Overlap(other.describe(), window.describe())));
            if (problem.isPresent()) {
                return problem.map(Messages::FreezeWindowConfig_Problem);
            }
            seen.add(window);
        }
        return Optional.empty();
    }
}
