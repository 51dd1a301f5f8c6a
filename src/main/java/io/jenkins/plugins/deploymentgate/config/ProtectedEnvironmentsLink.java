package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import hudson.util.FormApply;
import jakarta.servlet.ServletException;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The page of the protected environments under Manage Jenkins. A page of its own, because the one for all of Jenkins
 * saves every field of every plugin at once and would put back what somebody else changed meanwhile.
 */
@Extension
public class ProtectedEnvironmentsLink extends ManagementLink {

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

    /** Approval is security configuration: to see it takes Overall/SystemRead, to change it Overall/Administer. */
    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.SYSTEM_READ;
    }

    /** @return what the page shows */
    public DeploymentGateConfiguration getConfiguration() {
        return DeploymentGateConfiguration.get();
    }

    /**
     * Saves the page.
     *
     * @param request the submitted form
     * @return back to the list of pages
     * @throws ServletException if there is no form in the request
     * @throws Descriptor.FormException if the form makes no sense; nothing has changed then
     */
    @POST
    public HttpResponse doSave(StaplerRequest2 request) throws ServletException, Descriptor.FormException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        getConfiguration().configureEnvironments(request, request.getSubmittedForm());
        return FormApply.success("..");
    }
}
