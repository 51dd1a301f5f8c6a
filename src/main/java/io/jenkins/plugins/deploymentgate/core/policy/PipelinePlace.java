package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where in its pipeline a deployment waits.
 *
 * @param node the id of the flow node of the step, unique within its build; empty if it is not known
 * @param enclosing the stages, parallel branches and matrix cells around the step, the outermost first. A step that is run
 *     again after a crash gets another node, but stays within the same blocks
 * @param body whether the deployment ends with the body of its step; if not, it ends with its build
 * @param within the ids of the deployments in whose bodies the step is
 */
public record PipelinePlace(String node, List<Enclosing> enclosing, boolean body, List<Long> within) {

    /** Nothing is known of the place. */
    public static final PipelinePlace UNKNOWN = new PipelinePlace("", List.of());

    /** What can enclose a step. The words are stored, so they never change. */
    public enum Kind {
        /** A stage. */
        STAGE,
        /** A branch of {@code parallel}. */
        BRANCH,
        /** A cell of the {@code matrix} of a Declarative pipeline. */
        CELL;

        /** @return the word for machines, in lower case */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One block around the step.
     *
     * @param kind what it is
     * @param name its name, as the pipeline gives it
     */
    public record Enclosing(Kind kind, String name) {}

    /** Copies the lists. */
    public PipelinePlace {
        enclosing = List.copyOf(enclosing);
        within = List.copyOf(within);
    }

    /** The place of a step without a body that is in no other deployment. */
    public PipelinePlace(String node, List<Enclosing> enclosing) {
        this(node, enclosing, false, List.of());
    }

    /** @return the name of the innermost stage; empty if the step is in none */
    public Optional<String> stage() {
        return innermost(Kind.STAGE);
    }

    /** @return the name of the innermost parallel branch; empty if the step is in none */
    public Optional<String> branch() {
        return innermost(Kind.BRANCH);
    }

    /** @return the axes of the innermost matrix cell, such as {@code REGION = 'eu'}; empty if the step is in none */
    public Optional<String> cell() {
        return innermost(Kind.CELL);
    }

    private Optional<String> innermost(Kind kind) {
        return enclosing.stream()
                .filter(block -> block.kind() == kind)
                .map(Enclosing::name)
                .reduce((outer, inner) -> inner);
    }

    /**
     * @return the names of all blocks around the step, the outermost first, for people. Declarative pipelines give a stage
     *     in {@code parallel} and its branch the same name, which is said once. Empty if the step is in no block
     */
    public String path() {
        List<String> names = new ArrayList<>();
        for (Enclosing block : enclosing) {
            if (names.isEmpty() || !names.get(names.size() - 1).equals(block.name())) {
                names.add(block.name());
            }
        }
        return String.join(" / ", names);
    }
}
