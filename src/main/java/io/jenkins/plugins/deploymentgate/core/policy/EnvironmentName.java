package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a name of an environment, or a pattern of such names, may look like.
 *
 * <p>The characters are GitLab's for environment names (letters, digits, space, {@code - _ / .}), letters and digits of
 * any script; a pattern may hold {@code *} as well.
 */
public final class EnvironmentName {

    /** The longest name, in UTF-16 units; GitLab's limit. */
    public static final int MAX_LENGTH = 255;

    private static final Pattern CHARACTERS = Pattern.compile("[\\p{L}\\p{M}\\p{N} _/.*-]+");

    /** Why a name cannot be used. */
    public enum Problem {
        /** Nothing but white space. */
        EMPTY,
        /** More than {@link #MAX_LENGTH} characters. */
        TOO_LONG,
        /** White space or a slash at one end. */
        UNTRIMMED,
        /** A character that is not allowed. */
        ILLEGAL_CHARACTER,
        /** A pattern where the name of one environment is wanted. */
        PATTERN
    }

    private EnvironmentName() {}

    /**
     * Checks the name of an environment, as a pipeline gives it.
     *
     * @param name any text, or null
     * @return what is wrong with it; empty if it can be used
     */
    public static Optional<Problem> problemOfName(String name) {
        Optional<Problem> problem = problemOfPattern(name);
        return problem.isEmpty() && name.indexOf('*') >= 0 ? Optional.of(Problem.PATTERN) : problem;
    }

    /**
     * Checks the name of a protected environment: a name, or a pattern with {@code *}.
     *
     * @param name any text, or null
     * @return what is wrong with it; empty if it can be used
     */
    public static Optional<Problem> problemOfPattern(String name) {
        if (name == null || name.isBlank()) {
            return Optional.of(Problem.EMPTY);
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of(Problem.TOO_LONG);
        }
        if (!name.equals(name.strip()) || name.startsWith("/") || name.endsWith("/")) {
            return Optional.of(Problem.UNTRIMMED);
        }
        return CHARACTERS.matcher(name).matches() ? Optional.empty() : Optional.of(Problem.ILLEGAL_CHARACTER);
    }
}
