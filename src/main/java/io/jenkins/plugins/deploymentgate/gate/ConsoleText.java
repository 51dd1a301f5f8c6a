package io.jenkins.plugins.deploymentgate.gate;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import java.util.Locale;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Texts for the console of a build, which many people read, now and later. */
@Restricted(NoExternalUse.class)
public final class ConsoleText {

    private static final int MAX_LENGTH = 500;

    private ConsoleText() {}

    /**
     * Texts that a build stores are in the language of the server, whatever the language of the request is.
     *
     * @param text a text of this plugin
     * @return it, in the default locale of the JVM
     */
    public static String inLanguageOfServer(Localizable text) {
        return text.toString(Locale.getDefault());
    }

    /**
     * Makes a text that a person wrote fit into one line of the console, so that it cannot forge another line.
     *
     * @return it without line breaks, control and formatting characters, shortened if very long
     */
    public static String oneLine(String text) {
        return PlainText.oneLine(text, MAX_LENGTH);
    }

    /**
     * @return its environment and, if that is known, the blocks of the pipeline around its step, such as {@code production
     *     (Deploy / eu)}
     */
    public static String target(Deployment deployment) {
        return target(deployment.environment(), deployment.request().place().path());
    }

    /**
     * @param place the names of the blocks around the step; empty if there are none
     * @return both, for people
     */
    public static String target(String environment, String place) {
        return place.isEmpty() ? environment : environment + " (" + oneLine(place) + ")";
    }
}
