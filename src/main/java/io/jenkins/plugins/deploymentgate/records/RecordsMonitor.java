package io.jenkins.plugins.deploymentgate.records;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Warns administrators while records of deployments cannot be read or written. */
@Extension
@Restricted(NoExternalUse.class)
public class RecordsMonitor extends AdministrativeMonitor {

    @Override
    public boolean isActivated() {
        return getCount() > 0;
    }

    @Override
    public String getDisplayName() {
        return Messages.RecordsMonitor_DisplayName();
    }

    /** @return how many deployments are affected */
    public int getCount() {
        return DeploymentRecords.get().failures().count();
    }

    /** @return the error of one of them; empty if there is none any more */
    public String getExample() {
        return DeploymentRecords.get().failures().example().orElse("");
    }
}
