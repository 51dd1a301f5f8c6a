package io.jenkins.plugins.deploymentgate.config;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;

/** Tells administrators that the configuration could not be read and that every gate is closed because of it. */
@Extension
public class UnreadableConfigurationMonitor extends AdministrativeMonitor {

    @Override
    public boolean isActivated() {
        return DeploymentGateConfiguration.get().getLoadFailure().isPresent();
    }

    @Override
    public String getDisplayName() {
        return Messages.UnreadableConfigurationMonitor_DisplayName();
    }

    /** @return why it could not be read, for the page */
    public String getReason() {
        return DeploymentGateConfiguration.get().getLoadFailure().orElse("");
    }

    /** @return the address of the page where the configuration can be saved anew, below Jenkins' root */
    public String getPage() {
        return "manage/" + ProtectedEnvironmentsLink.URL;
    }
}
