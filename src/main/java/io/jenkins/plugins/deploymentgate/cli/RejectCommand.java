package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import io.jenkins.plugins.deploymentgate.engine.Verdict;

/** {@code deployment-gate-reject}. */
@Extension
public class RejectCommand extends VoteCommand {

    /** Called by Jenkins. */
    public RejectCommand() {
        super(Verdict.REJECTED);
    }

    @Override
    public String getName() {
        return "deployment-gate-reject";
    }

    @Override
    public String getShortDescription() {
        return Messages.RejectCommand_Description();
    }
}
