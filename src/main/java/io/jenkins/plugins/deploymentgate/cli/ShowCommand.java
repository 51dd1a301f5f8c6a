package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code deployment-gate-show}: shows a deployment and its votes. */
@Extension
@Restricted(NoExternalUse.class)
public class ShowCommand extends DeploymentCommand {

    @Override
    public String getName() {
        return "deployment-gate-show";
    }

    @Override
    public String getShortDescription() {
        return Messages.ShowCommand_Description();
    }

    @Override
    protected int run() throws IOException {
        print(build());
        return 0;
    }
}
