package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Ends the deployments of a build when the build has ended, also if it was terminated or killed. */
@Extension
@Restricted(NoExternalUse.class)
public class BuildEndListener extends RunListener<Run<?, ?>> {

    @Override
    public void onCompleted(Run<?, ?> build, @NonNull TaskListener listener) {
        DeploymentLifecycle.get().buildEnded(build);
    }
}
