package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code deployment-gate-reject}. */
@Extension
@Restricted(NoExternalUse.class)
public class RejectCommand extends VoteCommand {

    /** Called by Jenkins. */
    public RejectCommand() {
        super(VoteDecision.REJECTED);
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
