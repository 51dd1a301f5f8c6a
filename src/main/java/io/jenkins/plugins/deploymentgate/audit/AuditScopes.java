package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.model.AbstractItem;
import hudson.model.Item;
import hudson.model.listeners.ItemListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.audit.AuditSettings.Author;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;

/**
 * Tells the audit ledger what becomes of the protected environments of folders and jobs that are renamed, moved or
 * deleted: at the old place nothing is protected by them any more, at the new one it is.
 */
@Extension
public class AuditScopes extends ItemListener {

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        end(oldFullName, AuditSettingsListener.author());
        AuditSettingsListener.tell(ItemScope.of(item), AuditSettingsListener.author());
        AuditSettings.get().settle();
    }

    @Override
    public void onDeleted(Item item) {
        for (String scope : AuditSettings.get().scopes()) {
            if (scope.equals(item.getFullName()) || scope.startsWith(item.getFullName() + "/")) {
                end(scope, AuditSettingsListener.author());
            }
        }
        AuditSettings.get().settle();
    }

    private static void end(String scope, Author author) {
        AuditSettings.get().environments(scope, () -> Optional.of(Map.of()), author);
    }

    /**
     * Compares all folders and jobs that there are with what the ledger knows. Looks at each of them, so it is for a
     * background thread.
     *
     * @param author to whom changes are put down that nobody was seen to make
     */
    static void compare(Author author) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Set<String> gone = new HashSet<>(AuditSettings.get().scopes());
            gone.remove("");
            for (AbstractItem item : Jenkins.get().allItems(AbstractItem.class)) {
                gone.remove(item.getFullName());
                AuditSettingsListener.tell(ItemScope.of(item), author);
            }
            gone.forEach(scope -> end(scope, author));
        }
    }
}
