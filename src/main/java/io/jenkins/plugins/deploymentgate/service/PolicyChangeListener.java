package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import jenkins.util.Timer;

/** Judges blocked deployments anew when the protected environments were saved, off the thread that saved them. */
@Extension
public class PolicyChangeListener extends SaveableListener {

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof DeploymentGateConfiguration) {
            Timer.get().execute(() -> Reevaluation.get().policyChanged());
        }
    }
}
