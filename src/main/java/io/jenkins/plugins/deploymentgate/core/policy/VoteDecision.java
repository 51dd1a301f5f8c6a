package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a person says in a vote. */
public enum VoteDecision {
    /** The deployment may go on, as far as this person is asked. */
    APPROVED,
    /** The deployment must not go on. */
    REJECTED;

    /** @return GitLab's word for it, {@code approved} or {@code rejected} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages speak one language. */
    @Override
    public String toString() {
        return word();
    }

    /**
     * @param word any text, or null
     * @return the decision whose {@link #word} it is; empty for anything else, never a guess
     */
    public static Optional<VoteDecision> of(String word) {
        return Stream.of(values())
                .filter(decision -> decision.word().equals(word))
                .findFirst();
    }
}
