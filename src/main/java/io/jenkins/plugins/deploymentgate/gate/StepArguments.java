package io.jenkins.plugins.deploymentgate.gate;

import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What a pipeline asks for with a step. Nothing is checked before {@link #check}; the form of the Snippet Generator checks the
 * same things field by field.
 *
 * @param environment the name of the environment
 * @param description what the pipeline tells the approvers
 * @param deadline how long the pipeline is willing to wait; empty for as long as the policy allows
 * @param allowOlder whether to deploy also if a newer build of the job was deployed there
 */
@Restricted(NoExternalUse.class)
public record StepArguments(
        String environment, DeploymentDescription description, Optional<Duration> deadline, boolean allowOlder) {

    /** The longest message of a pipeline to its approvers, in UTF-16 units. */
    public static final int MAX_MESSAGE = 10_000;

    /** The longest version, in UTF-16 units. */
    public static final int MAX_VERSION = 255;

    /** The longest address, in UTF-16 units. */
    public static final int MAX_URL = 2_000;

    /** @throws IllegalArgumentException if one of them is not valid; the message is for people */
    void check() {
        Optional<String> problem = problemOfMessage(description.message())
                .or(() -> problemOfVersion(description.version()))
                .or(() -> problemOfUrl(description.url()));
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        } else if (deadline.filter(limit -> limit.compareTo(Duration.ofMinutes(1)) < 0)
                .isPresent()) {
            throw new IllegalArgumentException(Messages.StepArguments_DeadlineTooShort());
        }
    }

    private static Optional<String> problemOfMessage(String message) {
        return message.length() > MAX_MESSAGE
                ? Optional.of(Messages.StepArguments_MessageTooLong(MAX_MESSAGE))
                : PlainText.unkeepable(message).map(Messages::StepArguments_MessageCharacter);
    }

    /**
     * @param version what is deployed; empty for nothing
     * @return what is wrong with it, for people
     */
    public static Optional<String> problemOfVersion(String version) {
        return version.length() > MAX_VERSION || PlainText.notOfOneLine(version).isPresent()
                ? Optional.of(Messages.StepArguments_BadVersion(MAX_VERSION))
                : Optional.empty();
    }

    /**
     * @param url where approvers can look at what is deployed; empty for nowhere
     * @return what is wrong with it, for people; only pages of the web are taken, because people will follow the link
     */
    public static Optional<String> problemOfUrl(String url) {
        return url.isEmpty() || isWebPage(url) ? Optional.empty() : Optional.of(Messages.StepArguments_BadUrl(MAX_URL));
    }

    private static boolean isWebPage(String url) {
        try {
            URI uri = new URI(url);
            return url.length() <= MAX_URL
                    && PlainText.unkeepable(url).isEmpty()
                    && uri.getHost() != null
                    && ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
