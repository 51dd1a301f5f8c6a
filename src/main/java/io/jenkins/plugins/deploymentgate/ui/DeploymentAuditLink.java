package io.jenkins.plugins.deploymentgate.ui;

import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import hudson.util.HttpResponses;
import io.jenkins.plugins.deploymentgate.audit.LedgerExport;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The page of the audit ledger under Manage Jenkins. Reading it needs Overall/SystemRead, verifying it and changing its
 * retention need Overall/Administer.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentAuditLink extends ManagementLink {

    /** The address below {@code manage/}. */
    static final String URL = "deployment-audit";

    @Override
    public String getIconFileName() {
        return "symbol-list";
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentAuditLink_DisplayName();
    }

    @Override
    public String getDescription() {
        return Messages.DeploymentAuditLink_Description();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    @Override
    public Permission getRequiredPermission() {
        return Jenkins.SYSTEM_READ;
    }

    /** @return the content of the page, with times in a zone; null for the server's */
    public LedgerView view(StaplerRequest2 request, String zone) throws IOException {
        return new LedgerView(LedgerQuery.of(request), new Times(zone));
    }

    /** @return what administrators have to know; empty if all is well */
    public List<String> getWarnings() {
        return LedgerService.get().warnings();
    }

    /** @return the form of the retention */
    public Descriptor<?> getRetentionForm() {
        return DeploymentAuditConfiguration.get();
    }

    /** Starts a verification in the background and returns to the page, which shows its progress. */
    @RequirePOST
    public HttpResponse doVerify() {
        LedgerService.get().startVerification();
        return new HttpRedirect(".");
    }

    /** Changes the retention. An invalid number, or one that cannot be saved, changes nothing. */
    @RequirePOST
    public HttpResponse doRetention(StaplerRequest2 request) throws ServletException, Descriptor.FormException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            String months = request.getSubmittedForm().optString("retentionMonths");
            DeploymentAuditConfiguration.get().setRetentionMonths(DeploymentAuditConfiguration.parse(months));
        } catch (IllegalArgumentException e) {
            throw new Descriptor.FormException(e.getMessage(), e, "retentionMonths");
        } catch (UncheckedIOException e) {
            String message = Messages.DeploymentAuditLink_NotSaved(e.getCause().getMessage());
            throw new Descriptor.FormException(message, e, "retentionMonths");
        }
        return new HttpRedirect(".");
    }

    /** Sends all entries of a query, oldest first, in the {@code format} that the request names. */
    @GET
    public void doExport(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        LedgerQuery query = LedgerQuery.of(request);
        String format = Util.fixNull(request.getParameter("format"));
        Optional<LedgerExport> export = LedgerExport.of(format);
        if (export.isEmpty() || query.isWrong()) {
            throw HttpResponses.errorWithoutStack(
                    HttpServletResponse.SC_BAD_REQUEST, Messages.DeploymentAuditLink_BadExport());
        }
        response.setContentType(export.get().contentType() + ";charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Disposition", "attachment; filename=\"deployment-audit." + format + "\"");
        try (OutputStream out = response.getOutputStream()) {
            LedgerService.get().export(query.filter(), export.get(), out);
        }
    }
}
