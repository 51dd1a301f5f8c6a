package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionPoint;
import hudson.model.Cause;
import hudson.model.Run;
import java.util.Optional;

/**
 * Tells who or what is behind a kind of {@link Cause}, so that the people who asked for a deployment are known and cannot
 * approve it themselves.
 *
 * <p>A plugin that has a cause of its own implements this for it. A cause that nobody knows is an unknown origin, with which
 * most protected environments refuse a build. Known without an extension are {@link Cause.UserIdCause},
 * {@link Cause.UpstreamCause} and its subclasses, timers, and SCM triggers with their subclasses; an extension that knows
 * one of the subclasses takes precedence.
 */
public abstract class BuildOrigin implements ExtensionPoint {

    /** What is behind a cause. */
    public sealed interface Source permits Person, OtherBuild, Automation, Gone {}

    /**
     * Somebody asked for the build.
     *
     * @param id their user id in Jenkins
     */
    public record Person(String id) implements Source {}

    /**
     * The build repeats or continues another one: whoever asked for that one asked for this one too.
     *
     * @param build the other build
     */
    public record OtherBuild(Run<?, ?> build) implements Source {}

    /** No person asked for the build: time has passed, or something has changed in source control. */
    public record Automation() implements Source {}

    /** The cause is of a known kind, but what it refers to was deleted. */
    public record Gone() implements Source {}

    /**
     * Called as the system when a build reaches a gate, on the thread of its pipeline; must return quickly. An exception
     * counts as an unknown origin.
     *
     * @param cause a cause of a build
     * @return what is behind it; empty if it is of another kind
     */
    public abstract Optional<Source> of(Cause cause);
}
