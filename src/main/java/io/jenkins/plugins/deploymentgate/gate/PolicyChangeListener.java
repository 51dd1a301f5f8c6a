package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.Item;
import hudson.model.Saveable;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.util.Timer;

/**
 * Judges blocked deployments anew when protected environments were saved, or when a folder or a job has come to a place
 * where others apply. That happens off the thread that saved or moved them, and once for all changes until then.
 */
@Extension
public class PolicyChangeListener extends SaveableListener {

    private final AtomicBoolean due = new AtomicBoolean();

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof ProtectionScope) {
            judgeSoon();
        }
    }

    private void judgeSoon() {
        if (due.compareAndSet(false, true)) {
            Timer.get().execute(() -> {
                due.set(false);
                Reevaluation.get().policyChanged();
            });
        }
    }

    /** Hears of renames and moves; of each item below what is moved as well, once everything is in its place. */
    @Extension
    public static class OnMove extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            ExtensionList.lookupSingleton(PolicyChangeListener.class).judgeSoon();
        }
    }
}
