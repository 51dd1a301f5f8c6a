package io.jenkins.plugins.deploymentgate.audit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes comma-separated values as RFC 4180 describes them, every value in quotes. A value that a spreadsheet could take
 * for a formula gets an apostrophe before it, and so does one that begins with an apostrophe, so that it can be told which
 * were written like that.
 */
final class Csv {

    private static final String RISKY = "=+-@\t\r\n'";

    private Csv() {}

    /**
     * @param values any texts
     * @return a line of them, with its line break
     */
    static String line(List<String> values) {
        return values.stream().map(Csv::quoted).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String quoted(String value) {
        boolean risky = !value.isEmpty() && RISKY.indexOf(value.charAt(0)) >= 0;
        return "\"" + (risky ? "'" : "") + value.replace("\"", "\"\"") + "\"";
    }
}
