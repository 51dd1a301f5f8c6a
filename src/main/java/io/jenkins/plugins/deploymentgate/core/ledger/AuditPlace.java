package io.jenkins.plugins.deploymentgate.core.ledger;

import java.time.YearMonth;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place between two lines of the audit ledger.
 *
 * @param month the file
 * @param offset where the line begins that follows, in bytes
 */
record AuditPlace(YearMonth month, long offset) {

    private static final Pattern FORM = Pattern.compile("([0-9]{4}-(?:0[1-9]|1[0-2]))-([0-9]{1,18})");

    /** @return the place that {@link #toString} has written; empty for anything else */
    static Optional<AuditPlace> of(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new AuditPlace(YearMonth.parse(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return month + "-" + offset;
    }
}
