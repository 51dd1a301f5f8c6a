package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Locale;

/**
 * From where something was done.
 *
 * @param means by what
 * @param address the address of the client as the web server saw it; empty if there is none
 */
public record AuditOrigin(Means means, String address) {

    /** Jenkins itself did it. */
    public static final AuditOrigin SYSTEM = new AuditOrigin(Means.SYSTEM, "");

    /** The build did it. */
    public static final AuditOrigin PIPELINE = new AuditOrigin(Means.PIPELINE, "");

    /** It was found in a file afterwards. */
    public static final AuditOrigin RECOVERED = new AuditOrigin(Means.RECOVERED, "");

    /** By what something was done. The words stand in files, so they never change. */
    public enum Means {
        /** A page of Jenkins. */
        PAGE,
        /** The REST API of this plugin. */
        REST,
        /** A command. */
        CLI,
        /** The running build. */
        PIPELINE,
        /** Jenkins itself: a timer, a start, a script. */
        SYSTEM,
        /** Unknown: a crash had kept it from the ledger, and it was found in a file later. */
        RECOVERED;

        /** @return the word for machines, in lower case */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The same as {@link #word}, so that files and messages speak one language. */
        @Override
        public String toString() {
            return word();
        }
    }
}
