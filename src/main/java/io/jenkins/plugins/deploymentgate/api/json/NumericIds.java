package io.jenkins.plugins.deploymentgate.api.json;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Numbers for what Jenkins knows by text. GitLab's ids are integers, and many clients refuse anything else. The number of
 * a text is a hash of it, so that it is the same for ever without a registry: positive, and small enough for a double to
 * hold it.
 */
public final class NumericIds {

    private static final int BITS = 53;

    private NumericIds() {}

    /** What is counted; the same text as another kind has another number. */
    enum Kind {
        USER,
        GROUP,
        PROJECT,
        ENVIRONMENT,
        BUILD,
        RULE,
        LEVEL
    }

    /**
     * @param kind what it is
     * @param canonical what tells it from others of its kind
     * @return its number
     */
    static long of(Kind kind, String canonical) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((kind + "\0" + canonical).getBytes(StandardCharsets.UTF_8));
            return Math.max(1, ByteBuffer.wrap(digest).getLong() >>> Long.SIZE - BITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @return the text as a number that could be one of these; -1 if it could not */
    public static long parse(String text) {
        return text.matches("[1-9][0-9]{0,15}") ? Long.parseLong(text) : -1;
    }
}
