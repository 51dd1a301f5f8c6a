package io.jenkins.plugins.deploymentgate.gate;

import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import java.util.List;
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
     * @param build the build of a deployment
     * @param deployment its state: blocked, and in need of no more approvals
     * @return a line that says until when or for whom it waits; none if it is about to go on
     */
    public static List<String> whyHeld(Run<?, ?> build, Deployment deployment) {
        String target = target(deployment);
        Decision decision = Turns.get().decide(build.getParent(), build.getNumber(), deployment, deployment.policy());
        if (decision instanceof Decision.Held held) {
            return List.of(inLanguageOfServer(Messages._ConsoleText_Held(target, held.until())));
        } else if (decision instanceof Decision.Queued queued) {
            return List.of(inLanguageOfServer(queued.behind()
                    .map(first -> Messages._ConsoleText_Queued(target, first.displayName()))
                    .orElseGet(() -> Messages._ConsoleText_QueuedUnknown(target))));
        }
        return List.of();
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
