package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;

/** Ends the deployments of a build when the build has ended, however it did: well, aborted, terminated or killed. */
@Extension
public class BuildEndListener extends RunListener<Run<?, ?>> {

    @Override
    public void onCompleted(Run<?, ?> build, @NonNull TaskListener listener) {
        DeploymentLifecycle.get().buildEnded(build);
    }
}
