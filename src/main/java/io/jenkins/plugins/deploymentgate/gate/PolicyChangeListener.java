package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Item;
import hudson.model.Saveable;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import jenkins.util.AtmostOneTaskExecutor;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Evaluates blocked deployments again when protected environments were saved, or when a folder or a job was renamed or moved,
 * so that other environments may apply. That happens in the background, once for all changes until it begins.
 */
@Extension
@Restricted(NoExternalUse.class)
public class PolicyChangeListener extends SaveableListener {

    @GuardedBy("this")
    private AtmostOneTaskExecutor<Void> reevaluation;

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof ProtectionScope) {
            reevaluateSoon();
        }
    }

    private synchronized void reevaluateSoon() {
        if (reevaluation == null) {
            reevaluation = BackgroundWork.get().atMostOne(() -> {
                Reevaluation.get().policyChanged();
                return null;
            });
        }
        reevaluation.submit();
    }

    /** Listens to renames and moves; called for each item below what is moved as well, once everything is in its place. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static class OnMove extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            ExtensionList.lookupSingleton(PolicyChangeListener.class).reevaluateSoon();
        }
    }
}
