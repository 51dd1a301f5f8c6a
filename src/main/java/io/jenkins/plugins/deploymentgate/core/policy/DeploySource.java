package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Locale;

/**
 * From where a build deploys, which is what its job stands for.
 *
 * @param kind what that is
 * @param name the name of the branch, tag or pull request, or the full name of the job
 */
public record DeploySource(Kind kind, String name) {

    /** What a job stands for. The words are stored. */
    public enum Kind {
        /** A branch of a multibranch project. */
        BRANCH,
        /** A tag of a multibranch project. */
        TAG,
        /** A pull request, merge request or other change request of a multibranch project. */
        PULL_REQUEST,
        /** Itself: a job outside of multibranch projects. */
        JOB,
        /** Something else in a multibranch project, or something that is not known. No pattern admits it. */
        OTHER;

        /** @return the word for machines, in lower case */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A part of what an environment admits.
     *
     * @param kind the only kind that is admitted; not {@link Kind#OTHER}
     * @param text the name, or a pattern in which {@code *} stands for any run of characters, slashes too; case counts
     */
    public record Pattern(Kind kind, String text) {

        /** @throws IllegalArgumentException if no source could match */
        public Pattern {
            if (kind == Kind.OTHER || text.isEmpty()) {
                throw new IllegalArgumentException("a pattern that admits nothing: " + kind + " " + text);
            }
        }

        /** @return whether a build may deploy from there */
        public boolean admits(DeploySource source) {
            return source.kind() == kind && NamePattern.matches(text, source.name());
        }

        /** @return the kind and the text, for machines */
        @Override
        public String toString() {
            return kind + " " + text;
        }
    }

    /** @return the kind and the name, for machines */
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
