package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AbstractItem;
import hudson.model.AbstractProject;
import hudson.model.Action;
import hudson.model.Descriptor;
import hudson.model.ItemGroup;
import hudson.model.Job;
import jakarta.servlet.ServletException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The page of the protected environments of a folder or job, and its link in the side panel. People who can only read
 * the configuration of the item see it without the form. Created for each request.
 */
@Restricted(NoExternalUse.class)
public class ItemProtectionPage implements Action, StaplerProxy {

    private final AbstractItem item;
    private final ItemScope scope;

    ItemProtectionPage(AbstractItem item) {
        this.item = item;
        this.scope = ItemScope.of(item);
    }

    @CheckForNull
    @Override
    public String getIconFileName() {
        return scope.isVisible() ? "symbol-lock-closed" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentGateConfiguration_DisplayName();
    }

    @Override
    public String getUrlName() {
        return ProtectedEnvironmentsLink.URL;
    }

    /** @return the folder or job, for the side panel */
    public AbstractItem getItem() {
        return item;
    }

    /** @return what the form shows */
    public ItemScope getScope() {
        return scope;
    }

    /** @return whether this is about a folder */
    public boolean isFolder() {
        return item instanceof ItemGroup;
    }

    /**
     * @return the scopes around this one in which something is protected, or cannot be read; the widest first
     * @throws PolicyUnavailableException if they cannot be told
     */
    public List<ProtectionScope> getWiderScopes() throws PolicyUnavailableException {
        return Stream.<ProtectionScope>concat(
                        Stream.of(DeploymentGateConfiguration.get()), Protection.enclosing(item).stream())
                .filter(wider -> wider.getLoadFailure().isPresent()
                        || !wider.getEnvironments().isEmpty())
                .toList();
    }

    /** Lets nobody in who may neither manage nor read what is here. */
    @Override
    public Object getTarget() {
        item.checkAnyPermission(DeploymentPermissions.MANAGE, scope.getReadPermission());
        return this;
    }

    /**
     * Saves the page.
     *
     * @return back to the item
     * @throws Descriptor.FormException if the form makes no sense; nothing has changed then
     */
    @POST
    public HttpResponse doSave(StaplerRequest2 request) throws ServletException, Descriptor.FormException {
        return EnvironmentsForm.submit(scope, request, "..");
    }

    /** Gives the page to everything in which pipelines can run. */
    @Extension
    public static class Factory extends TransientActionFactory<AbstractItem> {

        @Override
        public Class<AbstractItem> type() {
            return AbstractItem.class;
        }

        @Override
        public Class<ItemProtectionPage> actionType() {
            return ItemProtectionPage.class;
        }

        @NonNull
        @Override
        public Collection<ItemProtectionPage> createFor(@NonNull AbstractItem item) {
            // Builds of classic projects have no pipeline, and so never reach a gate.
            boolean mayHavePipelines =
                    (item instanceof Job || item instanceof ItemGroup) && !(item instanceof AbstractProject);
            return mayHavePipelines ? List.of(new ItemProtectionPage(item)) : List.of();
        }
    }
}
