package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import jenkins.util.Listeners;

/**
 * Is notified of every change of every deployment, after it is on disk and before the request that made it is answered: the
 * place to keep an index or another copy up to date.
 */
public interface DeploymentListener extends ExtensionPoint {

    /**
     * Called with the lock of the deployment held, in the order of the changes, by whatever thread makes them; must be
     * quick and must not wait for another deployment. An exception is logged and changes nothing. If Jenkins crashes, the
     * last change may be missed.
     *
     * @param build the build whose deployment it is
     * @param deployment its new state
     */
    void onChanged(@NonNull Run<?, ?> build, @NonNull Deployment deployment);

    /** Tells all listeners. */
    static void fireChanged(Run<?, ?> build, Deployment deployment) {
        Listeners.notify(DeploymentListener.class, false, listener -> listener.onChanged(build, deployment));
    }
}
