package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an environment demands of deployments that compete for it.
 *
 * @param exclusiveIn the full name of the folder or job within which one deployment runs at a time, empty for the whole
 *     Jenkins; absent if several may run
 * @param supersede when a newer build of the same job cancels the deployments of older builds that still wait
 * @param refuseOutdated whether a build may not deploy if a newer build of its job was deployed with success
 */
public record TurnRules(Optional<String> exclusiveIn, Supersede supersede, boolean refuseOutdated) {

    /** Deployments do not compete. */
    public static final TurnRules NONE = new TurnRules(Optional.empty(), Supersede.NEVER, false);

    /** When a newer build cancels the waiting deployments of older ones, the mildest first. The words are stored. */
    public enum Supersede {
        /** Never. */
        NEVER,
        /** When the newer build is released. */
        ON_RELEASE,
        /** When the newer build starts to wait. */
        ON_ARRIVAL;

        /** @return the word for machines, in lower case */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * @param word as {@link #toString} gives it
         * @return the value; empty if there is none
         */
        public static Optional<Supersede> of(String word) {
            return Stream.of(values())
                    .filter(value -> value.toString().equals(word))
                    .findFirst();
        }
    }

    /**
     * @param job the full name of a job
     * @return whether its deployments take turns with those of the job that has these rules
     */
    public boolean isExclusiveWith(String job) {
        return exclusiveIn
                .filter(scope -> scope.isEmpty() || job.equals(scope) || job.startsWith(scope + "/"))
                .isPresent();
    }

    /**
     * @param other applies to the same job too
     * @return the stricter union. Both scopes enclose the job, so the one with the shorter name encloses the other
     */
    TurnRules and(TurnRules other) {
        return new TurnRules(
                Stream.of(exclusiveIn, other.exclusiveIn)
                        .flatMap(Optional::stream)
                        .min(Comparator.comparingInt(String::length)),
                supersede.compareTo(other.supersede) >= 0 ? supersede : other.supersede,
                refuseOutdated || other.refuseOutdated);
    }
}
