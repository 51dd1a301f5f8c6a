package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Descriptor;
import hudson.model.Saveable;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The whole Jenkins, a folder with everything below it, or one job, as a place where protected environments are
 * configured. Saving one fires {@link hudson.model.listeners.SaveableListener} with the scope as the object. Any thread
 * may call.
 */
@Restricted(NoExternalUse.class)
public interface ProtectionScope extends Saveable {

    /** @return the full name of the folder or job; empty for the whole Jenkins */
    String getFullName();

    /** @return the address of its page below Jenkins' root, with a slash at the end */
    String getPage();

    /** @return the protected environments as configured, in order; none if they cannot be read */
    List<ProtectedEnvironment> getEnvironments();

    /**
     * Puts a new list in force, after it is on disk. Who may do this is for the caller to check.
     *
     * @param environments all protected environments of this scope; null for none
     * @throws IllegalArgumentException if the list makes no sense; nothing has changed then
     * @throws java.io.UncheckedIOException if it cannot be written; nothing has changed then
     */
    void setEnvironments(@CheckForNull List<ProtectedEnvironment> environments);

    /**
     * Changes the list. No other change comes between the list that is given and the one that is put in force.
     *
     * @param change gives the new list for the present one, which it may change; called at once, once, on this thread.
     *     Nothing has changed if it throws
     * @throws IllegalArgumentException if the new list makes no sense; nothing has changed then
     * @throws java.io.UncheckedIOException if it cannot be written; nothing has changed then
     */
    void change(UnaryOperator<List<ProtectedEnvironment>> change);

    /** @return why the configuration could not be read; empty if it was */
    Optional<String> getLoadFailure();

    /**
     * @return what is in force here alone, without what other scopes add, with names made canonical by the security realm
     * @throws PolicyUnavailableException if it cannot be read; the message names the scope
     */
    List<ProtectedEnvironments.Entry> entries() throws PolicyUnavailableException;

    /** @return whose permissions count */
    AccessControlled getOwner();

    /** @return which permission lets people see this without changing it */
    Permission getReadPermission();

    /** @return whether whoever is logged in on this thread may change it */
    default boolean isManageable() {
        return getOwner().hasPermission(DeploymentPermissions.MANAGE);
    }

    /** @return whether whoever is logged in on this thread may see it */
    default boolean isVisible() {
        return getOwner().hasAnyPermission(DeploymentPermissions.MANAGE, getReadPermission());
    }

    /** @return whose property {@code environments} the form shows */
    default Descriptor<?> getFormDescriptor() {
        return DeploymentGateConfiguration.get();
    }
}
