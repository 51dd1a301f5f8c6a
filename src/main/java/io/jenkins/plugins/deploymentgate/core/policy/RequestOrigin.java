package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who and what caused a build, as far as that is known.
 *
 * @param people canonical ids of the people who caused it, the nearest cause first
 * @param automated whether automation caused it, alone or beside people: a timer, a change in source control, branch indexing
 * @param unknown causes behind which there may be further people, one short text each, such as {@code RemoteCause: Started
 *     by remote host 192.0.2.7}; empty if {@code people} is certain to be complete
 * @param replay which build this one replays; empty if it is no replay
 */
public record RequestOrigin(List<String> people, boolean automated, List<String> unknown, Optional<Replay> replay) {

    /** Whether a replay runs the script of its original. The words are stored, so they never change. */
    public enum Script {
        /** It is the same script. */
        SAME,
        /** It was edited before the replay. */
        CHANGED,
        /** The scripts cannot be compared: the original is gone, or a script that is loaded later may be replaced. */
        UNKNOWN;

        /** @return the word for machines, in lower case */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The build repeats another one, directly or through further replays and restarts from a stage.
     *
     * @param original the number of the first of these builds, of the same job, as far as they are known
     * @param build the number of the latest replay among them: that of the build itself, unless it restarts a replay
     * @param script whether the build runs the script of the original
     */
    public record Replay(int original, int build, Script script) {}

    /** An origin that is no replay. */
    public RequestOrigin(List<String> people, boolean automated, List<String> unknown) {
        this(people, automated, unknown, Optional.empty());
    }

    /** @throws IllegalArgumentException if nothing at all caused the build: that is an unknown cause, and must be listed */
    public RequestOrigin {
        people = List.copyOf(people);
        unknown = List.copyOf(unknown);
        if (people.isEmpty() && !automated && unknown.isEmpty()) {
            throw new IllegalArgumentException("neither people nor automation nor an unknown cause");
        }
    }

    /** @return whether {@code people} is certain to be complete */
    public boolean isComplete() {
        return unknown.isEmpty();
    }
}
