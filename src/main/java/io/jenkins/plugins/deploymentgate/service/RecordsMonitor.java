package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.deploymentgate.store.DeploymentStore;

/** Tells administrators that files of deployments cannot be read or written, for as long as that is so. */
@Extension
public class RecordsMonitor extends AdministrativeMonitor {

    @Override
    public boolean isActivated() {
        return getCount() > 0;
    }

    @Override
    public String getDisplayName() {
        return Messages.RecordsMonitor_DisplayName();
    }

    /** @return how many deployments are concerned */
    public int getCount() {
        return DeploymentStore.get().troubles().count();
    }

    /** @return what is the matter with one of them; empty if it is over by now */
    public String getExample() {
        return DeploymentStore.get().troubles().example().orElse("");
    }
}
