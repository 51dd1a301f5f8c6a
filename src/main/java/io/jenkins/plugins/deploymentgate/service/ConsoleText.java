package io.jenkins.plugins.deploymentgate.service;

import java.util.regex.Pattern;

/** Makes what people wrote fit for one line of a console, where it must not look like a line of Jenkins'. */
final class ConsoleText {

    private static final int MAX_LENGTH = 500;
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private ConsoleText() {}

    /**
     * @param text any text
     * @return it without line breaks, control and formatting characters, shortened if very long
     */
    static String oneLine(String text) {
        String line = UNFIT.matcher(text).replaceAll(" ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
