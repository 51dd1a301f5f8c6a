package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.engine.Approver;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A group of the security realm, whose members may approve. */
public class GroupApprover extends ApproverConfig {

    private final String name;

    /** @param name the group's name in the security realm */
    @DataBoundConstructor
    public GroupApprover(@NonNull String name) {
        this.name = Util.fixNull(name).strip();
    }

    /** @return the group's name */
    public String getName() {
        return name;
    }

    @Override
    public Approver toApprover() {
        return new Approver.Group(Identities.group(name));
    }

    /** The form of a group. */
    @Extension
    @Symbol("group")
    public static class DescriptorImpl extends Descriptor<ApproverConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GroupApprover_DisplayName();
        }

        /**
         * Checks the field as it is filled in. A realm that cannot tell gives no answer either way.
         *
         * @param value what is in the field
         * @return an error for an empty field or for everybody, a warning for a group that the realm does not know
         */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            String name = Util.fixNull(value).strip();
            if (name.isEmpty()) {
                return FormValidation.error(Messages.GroupApprover_Empty());
            }
            return ProtectedEnvironment.isEverybody(name)
                    ? FormValidation.error(Messages.GroupApprover_Everybody(name))
                    : RealmLookup.group(name);
        }
    }
}
