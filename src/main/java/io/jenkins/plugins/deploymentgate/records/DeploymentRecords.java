package io.jenkins.plugins.deploymentgate.records;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.record.DeploymentStore;
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
}
