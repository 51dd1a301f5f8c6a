package io.jenkins.plugins.deploymentgate.records;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Something cannot be done now, and can be repeated later without harm. The message is for people, who need no stack trace. */
@Restricted(NoExternalUse.class)
public class UnavailableException extends IOException {

    /** How long a client should wait before it tries again. Jenkins repeats its own writes as often. */
    public static final int RETRY_SECONDS = 10;

    private static final long serialVersionUID = 1L;

    /**
     * @param message says what is the matter, in the reader's language
     * @param cause for the log; null if there is none
     */
    public UnavailableException(String message, @CheckForNull Throwable cause) {
        super(message, cause);
    }
}
