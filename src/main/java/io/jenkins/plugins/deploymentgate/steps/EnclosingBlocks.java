package io.jenkins.plugins.deploymentgate.steps;

import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Enclosing;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Kind;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** Says where in its pipeline a step is. */
final class EnclosingBlocks {

    /** How Declarative pipelines name the branches that are the cells of a matrix, and the stages in them. */
    private static final Pattern MATRIX_CELL = Pattern.compile("Matrix - (\\w+ = '.*')");

    private EnclosingBlocks() {}

    /**
     * @param node the flow node of the step
     * @return the node, with the stages, branches and cells around it, and the deployments in whose bodies it is
     */
    static PipelinePlace of(FlowNode node) {
        List<Enclosing> blocks = new ArrayList<>();
        List<Long> within = new ArrayList<>();
        for (BlockStartNode start : node.iterateEnclosingBlocks()) {
            named(start).ifPresent(blocks::add);
            DeploymentAction deployment = start.getPersistentAction(DeploymentAction.class);
            if (deployment != null) {
                within.add(deployment.getDeploymentId());
            }
        }
        Collections.reverse(blocks);
        return new PipelinePlace(node.getId(), blocks, node instanceof BlockStartNode, within);
    }

    private static Optional<Enclosing> named(BlockStartNode start) {
        ThreadNameAction branch = start.getPersistentAction(ThreadNameAction.class);
        if (branch != null) {
            Matcher cell = MATRIX_CELL.matcher(branch.getThreadName());
            return Optional.of(
                    cell.matches()
                            ? new Enclosing(Kind.CELL, storable(cell.group(1)))
                            : new Enclosing(Kind.BRANCH, storable(branch.getThreadName())));
        }
        LabelAction label = start.getPersistentAction(LabelAction.class);
        // Declarative puts a stage of the same name into each cell.
        return label != null
                        && isStage(start)
                        && !MATRIX_CELL.matcher(label.getDisplayName()).matches()
                ? Optional.of(new Enclosing(Kind.STAGE, storable(label.getDisplayName())))
                : Optional.empty();
    }

    private static boolean isStage(BlockStartNode start) {
        StepDescriptor step = start instanceof StepNode node ? node.getDescriptor() : null;
        return step != null && step.getFunctionName().equals("stage");
    }

    /** Half a character would be read back as another one. */
    private static String storable(String name) {
        return new String(ConsoleText.oneLine(name).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
