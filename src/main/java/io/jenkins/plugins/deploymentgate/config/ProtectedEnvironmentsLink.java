package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import jakarta.servlet.ServletException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The page of the protected environments under Manage Jenkins. A page of its own, because the one for all of Jenkins
 * saves every field of every plugin at once and would put back what somebody else changed meanwhile.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ProtectedEnvironmentsLink extends ManagementLink implements StaplerProxy {

    static final String URL = "protected-environments";

    @Override
    public String getIconFileName() {
        return "symbol-lock-closed";
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentGateConfiguration_DisplayName();
    }

    @Override
    public String getDescription() {
        return Messages.ProtectedEnvironmentsLink_Description();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    /** Approval is security configuration: to see it takes Overall/SystemRead or Deployment/Manage, which is named. */
    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return getScope().isManageable() ? DeploymentPermissions.MANAGE : Jenkins.SYSTEM_READ;
    }

    /** Lets nobody in who may neither manage nor read what is here. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(getRequiredPermission());
        return this;
    }

    /** @return what the form shows */
    public DeploymentGateConfiguration getScope() {
        return DeploymentGateConfiguration.get();
    }

    /**
     * Saves the page.
     *
     * @return back to the list of pages, or to this one for those who may not see that
     * @throws Descriptor.FormException if the form makes no sense; nothing has changed then
     */
    @POST
    public HttpResponse doSave(StaplerRequest2 request) throws ServletException, Descriptor.FormException {
        boolean mayGoBack = Jenkins.get().hasAnyPermission(Jenkins.MANAGE, Jenkins.SYSTEM_READ);
        return EnvironmentsForm.submit(getScope(), request, mayGoBack ? ".." : ".");
    }
}
