package io.jenkins.plugins.deploymentgate.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Optional;

/** Reads months in the arguments of commands. */
final class Months {

    private Months() {}

    /**
     * @param text what stands in the argument; null if it is left out
     * @return the month
     * @throws IllegalArgumentException if it is none; the message is for people
     */
    static Optional<YearMonth> parse(@CheckForNull String text) {
        try {
            return Optional.ofNullable(text).map(YearMonth::parse);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(Messages.Months_NoMonth(text), e);
        }
    }
}
