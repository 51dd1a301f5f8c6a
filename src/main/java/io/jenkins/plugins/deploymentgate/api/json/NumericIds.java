package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Numbers for objects that Jenkins identifies by text. GitLab's IDs are integers, and many clients accept nothing else.
 * The number is a hash of the text, so it is stable without a registry; it is positive and fits into a double. Two
 * texts can have the same number, and whoever may name a job can choose such a name. A number that stands for several
 * objects is therefore refused.
 */
@Restricted(NoExternalUse.class)
public final class NumericIds {

    private static final int BITS = 53;

    private NumericIds() {}

    /** The type of the object. The same text has a different number for each type. */
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
     * @param canonical the text that identifies it
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

    /** @return the text as a number; -1, which no object has, if it is none */
    public static long parse(String text) {
        return text.matches("[1-9][0-9]{0,15}") ? Long.parseLong(text) : -1;
    }

    /**
     * @param number the number that was sent
     * @param found the objects that have it, each of them once
     * @return the only one; empty if there is none
     * @throws ApiException 409 if there are several
     */
    public static <T> Optional<T> only(long number, Stream<T> found) {
        List<T> some = found.limit(2).toList();
        if (some.size() > 1) {
            throw ApiException.conflict(Messages.NumericIds_Ambiguous(String.valueOf(number)));
        }
        return some.stream().findFirst();
    }
}
