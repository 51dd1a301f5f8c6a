package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The decision of one vote. */
public enum VoteDecision {
    /** This person approves the deployment. */
    APPROVED,
    /** The deployment must not take place. */
    REJECTED;

    /** @return GitLab's word for it, {@code approved} or {@code rejected} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages use the same words. */
    @Override
    public String toString() {
        return word();
    }

    /**
     * @param word any text, or null
     * @return the decision with that {@link #word}; empty for anything else
     */
    public static Optional<VoteDecision> of(String word) {
        return Stream.of(values())
                .filter(decision -> decision.word().equals(word))
                .findFirst();
    }
}
