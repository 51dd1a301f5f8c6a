package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Checks texts that people type and that are stored in files. */
public final class PlainText {

    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    private PlainText() {}

    /**
     * Looks for a character that a file cannot give back as it was: a half of a surrogate pair, which UTF-8 has no form
     * for, and what XML 1.1 excludes in section 2.2, which is U+0000, U+FFFE and U+FFFF.
     *
     * @return the first such character, as {@code U+D800}; empty if all can be kept
     */
    public static Optional<String> unkeepable(String text) {
        return first(text, PlainText::isUnkeepable);
    }

    /**
     * Looks for a character that does not belong into a name: what cannot be kept, control characters, and what
     * separates lines, which XML 1.1 does not tell apart (section 2.11).
     *
     * @return the first such character, as {@code U+000A}; empty if this can be a name
     */
    public static Optional<String> notOfOneLine(String text) {
        return first(
                text,
                character -> isUnkeepable(character)
                        || Character.isISOControl(character)
                        || Character.getType(character) == Character.LINE_SEPARATOR
                        || Character.getType(character) == Character.PARAGRAPH_SEPARATOR);
    }

    /** @return the text without line breaks, control and formatting characters, shortened to so many UTF-16 units */
    public static String oneLine(String text, int limit) {
        String line = NOT_PRINTABLE.matcher(text).replaceAll(" ").strip();
        if (line.length() <= limit) {
            return line;
        }
        boolean splitsPair = Character.isHighSurrogate(line.charAt(limit - 1));
        return line.substring(0, splitsPair ? limit - 1 : limit) + "…";
    }

    private static boolean isUnkeepable(int character) {
        return character == 0
                || character == 0xFFFE
                || character == 0xFFFF
                || Character.getType(character) == Character.SURROGATE;
    }

    private static Optional<String> first(String text, IntPredicate bad) {
        return text.codePoints().filter(bad).mapToObj("U+%04X"::formatted).findFirst();
    }
}
