package io.jenkins.plugins.deploymentgate.records;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.record.DeploymentStore;
import java.io.File;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The store of this controller, an extension so that tests can put another in its place. Any thread may call. */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentRecords extends DeploymentStore {

    /** @return the store of this controller */
    public static DeploymentStore get() {
        return ExtensionList.lookupSingleton(DeploymentRecords.class);
    }

    @Override
    public void write(File build, Deployment deployment) throws IOException {
        ControllerLock.get().checkOwned();
        super.write(build, deployment);
    }
}
