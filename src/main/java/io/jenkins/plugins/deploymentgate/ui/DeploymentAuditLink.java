package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import hudson.util.HttpResponses;
import io.jenkins.plugins.deploymentgate.audit.AuditService;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The page of the audit ledger under Manage Jenkins: to see it takes Overall/SystemRead, to verify it or to change how
 * long it is kept takes Overall/Administer.
 */
@Extension
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

    @NonNull
    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.SYSTEM_READ;
    }

    /**
     * @param request the request for the page
     * @param zone the id of the reader's time zone; null for the server's
     * @return what the page shows
     * @throws IOException if the ledger cannot be read
     */
    public AuditView view(StaplerRequest2 request, String zone) throws IOException {
        return new AuditView(AuditQuery.of(request), new Times(zone));
    }

    /** @return what an administrator has to know; empty if all is well */
    public List<String> getWarnings() {
        return AuditService.get().warnings();
    }

    /** @return the form of the retention */
    public Descriptor<?> getRetentionForm() {
        return AuditService.get().retentionForm();
    }

    /**
     * Begins a verification in the background.
     *
     * @return back to the page, which shows how it goes
     */
    @RequirePOST
    public HttpResponse doVerify() {
        AuditService.get().startVerification();
        return new HttpRedirect(".");
    }

    /**
     * Changes how long the ledger is kept.
     *
     * @param request the submitted form
     * @return back to the page
     * @throws ServletException if there is no form in the request
     * @throws Descriptor.FormException if the form makes no sense, or it cannot be saved; nothing has changed then
     */
    @RequirePOST
    public HttpResponse doRetention(StaplerRequest2 request) throws ServletException, Descriptor.FormException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            AuditService.get().setRetention(request.getSubmittedForm().optString("retentionMonths"));
        } catch (IllegalArgumentException e) {
            throw new Descriptor.FormException(e.getMessage(), e, "retentionMonths");
        } catch (UncheckedIOException e) {
            throw new Descriptor.FormException(
                    Messages.DeploymentAuditLink_NotSaved(e.getCause().getMessage()), e, "retentionMonths");
        }
        return new HttpRedirect(".");
    }

    /**
     * Sends the entries that the page is about, all of them, the oldest first.
     *
     * @param request names the entries as the page does, and the {@code format}: {@code jsonl} or {@code csv}
     * @param response where they go
     * @throws IOException if something cannot be read or sent
     */
    @GET
    public void doExport(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        AuditQuery query = AuditQuery.of(request);
        Optional<AuditService.Format> format = AuditQuery.format(request.getParameter("format"));
        if (format.isEmpty() || query.isWrong()) {
            throw HttpResponses.errorWithoutStack(
                    HttpServletResponse.SC_BAD_REQUEST, Messages.DeploymentAuditLink_BadExport());
        }
        boolean table = format.get() == AuditService.Format.CSV;
        response.setContentType(table ? "text/csv;charset=UTF-8" : "application/jsonl;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "Content-Disposition", "attachment; filename=\"deployment-audit." + (table ? "csv" : "jsonl") + "\"");
        try (OutputStream out = response.getOutputStream()) {
            AuditService.get().export(query.filter(), format.get(), out);
        }
    }
}
