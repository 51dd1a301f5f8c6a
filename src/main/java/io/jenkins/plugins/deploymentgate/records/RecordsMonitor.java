package io.jenkins.plugins.deploymentgate.records;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;

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
        return DeploymentRecords.get().failures().count();
    }

    /** @return what is the matter with one of them; empty if it is over by now */
    public String getExample() {
        return DeploymentRecords.get().failures().example().orElse("");
    }
}
