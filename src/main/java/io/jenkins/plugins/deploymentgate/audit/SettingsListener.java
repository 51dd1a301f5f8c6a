package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.AbstractItem;
import hudson.model.Item;
import hudson.model.Saveable;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.SaveableListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.audit.SettingsRecorder.Author;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Origin;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/** Records each change of the settings, and who made it, before the request that saved it is answered. */
@Extension
@Restricted(NoExternalUse.class)
public class SettingsListener extends SaveableListener {

    private static final Logger LOGGER = Logger.getLogger(SettingsListener.class.getName());

    @Override
    public void onChange(Saveable saved, XmlFile file) {
        if (saved instanceof ProtectionScope scope) {
            compare(scope, author());
        } else if (saved instanceof DeploymentAuditConfiguration configuration) {
            SettingsRecorder.get().retention(configuration.getRetentionMonths(), author());
        } else {
            return;
        }
        SettingsRecorder.get().write();
    }

    /** Records that protection ends and begins where folders and jobs are renamed, moved or deleted. */
    @Extension
    public static class Items extends ItemListener {

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            end(oldFullName, author());
            compare(ItemScope.of(item), author());
            SettingsRecorder.get().write();
        }

        @Override
        public void onDeleted(Item item) {
            for (String scope : SettingsRecorder.get().scopes()) {
                if (scope.equals(item.getFullName()) || scope.startsWith(item.getFullName() + "/")) {
                    end(scope, author());
                }
            }
            SettingsRecorder.get().write();
        }
    }

    private static void compare(ProtectionScope scope, Author author) {
        Supplier<Optional<Map<String, String>>> current = () ->
                scope.getLoadFailure().isPresent() ? Optional.empty() : Optional.of(describe(scope.getEnvironments()));
        SettingsRecorder.get().environments(scope.getFullName(), current, author);
    }

    private static void end(String scope, Author author) {
        SettingsRecorder.get().environments(scope, () -> Optional.of(Map.of()), author);
    }

    private static Author author() {
        Authentication caller = Jenkins.getAuthentication2();
        return new Author(
                ACL.SYSTEM2.equals(caller) ? "" : Identities.user(caller.getName()),
                EventOrigins.get().current());
    }

    /**
     * Records what changed without being saved through Jenkins. Called after a start, in the background, since it looks at each
     * folder and job.
     */
    public static void compare() {
        Author unknown = new Author("", Origin.RECOVERED);
        DeploymentGateConfiguration environments = DeploymentGateConfiguration.get();
        // The lock under which they are saved, and so under which the listener is called.
        synchronized (environments) {
            compare(environments, unknown);
        }
        DeploymentAuditConfiguration audit = DeploymentAuditConfiguration.get();
        synchronized (audit) {
            SettingsRecorder.get().retention(audit.getRetentionMonths(), unknown);
        }
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Set<String> gone = new HashSet<>(SettingsRecorder.get().scopes());
            gone.remove("");
            for (AbstractItem item : Jenkins.get().allItems(AbstractItem.class)) {
                gone.remove(item.getFullName());
                try {
                    compare(ItemScope.of(item), unknown);
                } catch (RuntimeException e) {
                    LOGGER.log(Level.WARNING, e, () -> "Cannot record changes of the settings of " + item);
                }
            }
            gone.forEach(scope -> end(scope, unknown));
        }
        SettingsRecorder.get().write();
    }

    private static Map<String, String> describe(List<ProtectedEnvironment> environments) {
        Map<String, String> texts = new TreeMap<>();
        for (ProtectedEnvironment environment : environments) {
            Map<String, ?> values =
                    DescribableModel.uninstantiate2_(environment).toMap();
            texts.put(environment.getName(), SettingsRecorder.describe(values));
        }
        return texts;
    }
}
