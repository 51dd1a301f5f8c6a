package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import io.jenkins.plugins.deploymentgate.engine.Verdict;

/** {@code deployment-gate-approve}. */
@Extension
public class ApproveCommand extends VoteCommand {

    /** Called by Jenkins. */
    public ApproveCommand() {
        super(Verdict.APPROVED);
    }

    @Override
    public String getName() {
        return "deployment-gate-approve";
    }

    @Override
    public String getShortDescription() {
        return Messages.ApproveCommand_Description();
    }
}
