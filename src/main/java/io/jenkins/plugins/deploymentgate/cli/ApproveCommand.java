package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code deployment-gate-approve}. */
@Extension
@Restricted(NoExternalUse.class)
public class ApproveCommand extends VoteCommand {

    /** Called by Jenkins. */
    public ApproveCommand() {
        super(VoteDecision.APPROVED);
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
