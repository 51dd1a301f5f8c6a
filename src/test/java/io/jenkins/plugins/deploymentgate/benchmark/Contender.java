package io.jenkins.plugins.deploymentgate.benchmark;

import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;

/** The two steps, each with a job that waits at it, and with what a page of it calls when somebody approves. */
enum Contender {
    INPUT("asking", "input id: 'Go', message: 'May it go on?'") {
        @Override
        boolean approve(WorkflowRun build) throws Exception {
            InputAction action = build.getAction(InputAction.class);
            InputStepExecution step = action == null ? null : action.getExecution("Go");
            if (step == null) {
                return false;
            }
            step.doProceedEmpty();
            return true;
        }
    },

    GATE("gated", "deploymentGate '" + Contender.ENVIRONMENT + "'") {
        @Override
        boolean approve(WorkflowRun build) throws Exception {
            long id = DeploymentViews.get().ids(build).get(0);
            VoteResult result = ApprovalService.get().vote(build, id, VoteDecision.APPROVED, "", Optional.empty());
            return result instanceof VoteResult.Recorded;
        }
    };

    private static final String ENVIRONMENT = "production";

    private final String job;
    private final String script;

    Contender(String job, String script) {
        this.job = job;
        this.script = script;
    }

    /** Makes both jobs. One approval is enough, because the last one is what is measured. */
    static void create() throws Exception {
        World.protect(ENVIRONMENT, 1);
        for (Contender contender : values()) {
            World.pipeline(contender.job, contender.script + "\nnextStep()");
        }
    }

    WorkflowJob job() {
        return Jenkins.get().getItemByFullName(job, WorkflowJob.class);
    }

    /**
     * Approves in the name of whoever is logged in.
     *
     * @return whether that is taken; if not, it is too early
     */
    abstract boolean approve(WorkflowRun build) throws Exception;
}
