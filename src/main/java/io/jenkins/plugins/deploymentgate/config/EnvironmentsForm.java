package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Descriptor.FormException;
import hudson.util.FormApply;
import jakarta.servlet.ServletException;
import java.io.UncheckedIOException;
import java.util.List;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;

/** Handles the submitted page of a scope; the form itself is the tag {@code environments}. */
final class EnvironmentsForm {

    private static final List<String> NUMBERS = List.of("requiredApprovals", "deadlineMinutes", "waitMinutes");

    private EnvironmentsForm() {}

    /**
     * Saves the page of a scope, for whoever may manage that.
     *
     * @param scope what is to be changed
     * @param destination where to go then, relative to the page
     * @return a redirect there, once the new list is on disk and in force
     * @throws FormException if the form makes no sense; nothing has changed then
     */
    static HttpResponse submit(ProtectionScope scope, StaplerRequest2 request, String destination)
            throws ServletException, FormException {
        scope.getOwner().checkPermission(DeploymentPermissions.MANAGE);
        try {
            Object list = request.getSubmittedForm().opt("environments");
            requireNumbers(list);
            scope.setEnvironments(list == null ? List.of() : request.bindJSONToList(ProtectedEnvironment.class, list));
        } catch (IllegalArgumentException e) {
            throw new FormException(e.getMessage(), e, "environments");
        } catch (UncheckedIOException e) {
            throw new FormException(
                    Messages.DeploymentGateConfiguration_NotSaved(e.getCause().getMessage()), e, "environments");
        }
        return FormApply.success(destination);
    }

    /** Binding turns what is no number into the default; here it is an error instead. */
    private static void requireNumbers(@CheckForNull Object json) {
        if (json instanceof JSONArray array) {
            array.forEach(EnvironmentsForm::requireNumbers);
        } else if (json instanceof JSONObject object && !object.isNullObject()) {
            for (String field : NUMBERS) {
                String number = object.optString(field).strip();
                if (!number.isEmpty() && !number.matches("-?[0-9]{1,9}")) {
                    throw new IllegalArgumentException(Messages.DeploymentGateConfiguration_NotANumber(number));
                }
            }
            object.values().forEach(EnvironmentsForm::requireNumbers);
        }
    }
}
