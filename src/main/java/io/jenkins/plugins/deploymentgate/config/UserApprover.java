package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A user who may approve. */
public class UserApprover extends ApproverConfig {

    private final String id;

    /** @param id the user's id in the security realm, not the full name */
    @DataBoundConstructor
    public UserApprover(@NonNull String id) {
        this.id = Util.fixNull(id).strip();
    }

    /** @return the user's id */
    public String getId() {
        return id;
    }

    @Override
    @Restricted(NoExternalUse.class)
    public Approver toApprover() {
        return new Approver.User(Identities.user(id));
    }

    @Override
    Optional<String> problem() {
        return id == null || id.isEmpty()
                ? Optional.of(Messages.UserApprover_Empty())
                : FieldChecks.charactersOfName(id);
    }

    @Override
    String describe() {
        return id;
    }

    /** The form of a user. */
    @Extension
    @Symbol("user")
    public static class DescriptorImpl extends Descriptor<ApproverConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.UserApprover_DisplayName();
        }

        /**
         * Checks the field as it is filled in. A realm that cannot tell gives no answer either way.
         *
         * @param item the item whose page asks; null for the page of the whole Jenkins
         * @return an error for an empty field, a warning for a user that the realm does not know
         */
        @POST
        public FormValidation doCheckId(@AncestorInPath Item item, @QueryParameter String value) {
            if (!FieldChecks.mayAsk(item)) {
                return FormValidation.ok();
            }
            UserApprover user = new UserApprover(value);
            return user.problem().map(FormValidation::error).orElseGet(() -> RealmLookup.user(user.getId()));
        }
    }
}
