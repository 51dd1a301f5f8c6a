package io.jenkins.plugins.deploymentgate.gate;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jvnet.localizer.Localizable;

/** Texts for the console of a build, which many people read, now and later. */
public final class ConsoleText {

    private static final int MAX_LENGTH = 500;
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    private ConsoleText() {}

    /**
     * What a build keeps is in the language of the server, whoever's browser or script has caused it.
     *
     * @param text a text of ours
     * @return it, in the default locale of the JVM
     */
    public static String inLanguageOfServer(Localizable text) {
        return text.toString(Locale.getDefault());
    }

    /**
     * Makes what people wrote fit for one line, which must not look like a line of Jenkins'.
     *
     * @param text any text
     * @return it without line breaks, control and formatting characters, shortened if very long
     */
    public static String oneLine(String text) {
        String line = UNFIT.matcher(text).replaceAll(" ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
