package io.jenkins.plugins.deploymentgate.crash;

import static io.jenkins.plugins.deploymentgate.World.deployment;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * What a controller says of one build.
 *
 * @param number its number
 * @param building whether it runs
 * @param result its result; empty while it runs
 * @param reached whether its pipeline has come to the gate
 * @param wentOn whether its pipeline ran what stands behind the gate
 * @param deployments its deployments
 */
record BuildState(
        int number, boolean building, String result, boolean reached, boolean wentOn, ArrayList<State> deployments)
        implements Serializable {

    /** What the pipeline prints behind the gate. */
    static final String WENT_ON = "went on, as it was allowed to";

    /**
     * One deployment.
     *
     * @param votes one line for each vote that is in it, as {@link Vote#onDisk}
     * @param withdrawn who withdrew
     */
    record State(long id, String status, ArrayList<String> votes, ArrayList<String> withdrawn)
            implements Serializable {}

    boolean isBlocked() {
        return deployments.stream().anyMatch(state -> state.status().equals("blocked"));
    }

    long latest() {
        return deployments.get(deployments.size() - 1).id();
    }

    /** Looks at the builds of a job, from a number on. Runs in the controller. */
    static TreeMap<Integer, BuildState> all(JenkinsRule j, String job, Integer from) throws IOException {
        TreeMap<Integer, BuildState> states = new TreeMap<>();
        WorkflowRun build =
                Jenkins.get().getItemByFullName(job, WorkflowJob.class).getLastBuild();
        while (build != null && build.getNumber() >= from) {
            states.put(build.getNumber(), of(build));
            build = build.getPreviousBuild();
        }
        return states;
    }

    private static BuildState of(WorkflowRun build) throws IOException {
        // In this order, so that what ends meanwhile is looked at once more rather than once too little.
        boolean building = build.isBuilding();
        ArrayList<State> deployments = new ArrayList<>();
        for (long id : DeploymentViews.get().ids(build)) {
            deployments.add(of(deployment(build, id)));
        }
        List<String> log = build.getLog(1000);
        return new BuildState(
                build.getNumber(),
                building,
                Objects.toString(building ? null : build.getResult(), ""),
                log.contains("[Pipeline] deploymentGate"),
                log.contains(WENT_ON),
                deployments);
    }

    private static State of(Deployment deployment) {
        return new State(
                deployment.id(),
                deployment.status().word(),
                new ArrayList<>(
                        deployment.approvals().stream().map(BuildState::line).toList()),
                new ArrayList<>(deployment.history().withdrawals().stream()
                        .map(withdrawal -> withdrawal.approval().voter().id())
                        .toList()));
    }

    private static String line(Approval approval) {
        return Vote.onDisk(approval.voter().id(), approval.decision().word());
    }

    boolean hasSucceeded() {
        return result.equals(Result.SUCCESS.toString());
    }
}
