package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The protected environments of a job: those of the whole Jenkins, of all folders around it, and its own. All of them
 * apply together, so a narrower scope can only make the policy stricter. Any thread may call.
 */
@Restricted(NoExternalUse.class)
public final class Protection {

    private Protection() {}

    /**
     * Unites the scopes around a job.
     *
     * @param job a job, or an object of it that Jenkins has replaced by a reload; null for what protects the whole Jenkins
     * @return the policies, with names made canonical by the security realm in force
     * @throws PolicyUnavailableException if one of the scopes cannot be read, or if the job is just being moved
     */
    public static ProtectedEnvironments of(@CheckForNull Item job) throws PolicyUnavailableException {
        List<ProtectedEnvironments.Entry> entries = new ArrayList<>();
        for (ProtectionScope scope : around(job)) {
            entries.addAll(scope.entries());
        }
        return new ProtectedEnvironments(entries);
    }

    /**
     * @param item a folder or a job, or an object of it that Jenkins has replaced by a reload; null for the whole Jenkins
     * @return the scopes around it and its own, the widest first
     * @throws PolicyUnavailableException if it is just being moved
     */
    public static List<ProtectionScope> around(@CheckForNull Item item) throws PolicyUnavailableException {
        List<ProtectionScope> scopes = new ArrayList<>();
        scopes.add(DeploymentGateConfiguration.get());
        if (item != null) {
            Item current = current(item);
            if (current == null) {
                throw new PolicyUnavailableException(Messages.Protection_NotThere(item.getFullName()));
            }
            scopes.addAll(enclosing(current));
            scopes.add(ItemScope.of(current));
        }
        return scopes;
    }

    /**
     * @param item a folder or a job, as Jenkins knows it now
     * @return the scopes of the folders around it, the widest first
     * @throws PolicyUnavailableException if it is in something that is no folder, so that nobody knows what is around it
     */
    static List<ItemScope> enclosing(Item item) throws PolicyUnavailableException {
        ItemGroup<?> parent = item.getParent();
        if (parent instanceof Item folder) {
            List<ItemScope> scopes = enclosing(folder);
            scopes.add(ItemScope.of(folder));
            return scopes;
        } else if (parent != Jenkins.get()) {
            throw new PolicyUnavailableException(Messages.Protection_NotThere(item.getFullName()));
        }
        return new ArrayList<>();
    }

    /** Finds an item by its name, under which there is none while it is renamed or moved. */
    @CheckForNull
    private static Item current(Item item) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return Jenkins.get().getItemByFullName(item.getFullName());
        }
    }

    /** @return whether Jenkins knows it by this object; not after a reload that has made another */
    static boolean isCurrent(Item item) {
        return current(item) == item;
    }
}
