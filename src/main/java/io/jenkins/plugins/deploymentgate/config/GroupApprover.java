package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.security.SecurityRealm;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.Locale;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
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
    @Restricted(NoExternalUse.class)
    public Approver toApprover() {
        return new Approver.Group(Identities.group(name));
    }

    @Override
    Optional<String> problem() {
        if (name == null || name.isEmpty()) {
            return Optional.of(Messages.GroupApprover_Empty());
        }
        return isEverybody(name)
                ? Optional.of(Messages.GroupApprover_Everybody(name))
                : FieldChecks.charactersOfName(name);
    }

    private static boolean isEverybody(String group) {
        String lower = group.toLowerCase(Locale.ROOT);
        return SecurityRealm.AUTHENTICATED_AUTHORITY2.getAuthority().equals(lower) || "anonymous".equals(lower);
    }

    @Override
    String describe() {
        return name;
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
         * @param item the item whose page asks; null for the page of the whole Jenkins
         * @return an error for an empty field or for everybody, a warning for a group that the realm does not know
         */
        @POST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            if (!FieldChecks.mayAsk(item)) {
                return FormValidation.ok();
            }
            GroupApprover group = new GroupApprover(value);
            return group.problem().map(FormValidation::error).orElseGet(() -> RealmLookup.group(group.getName()));
        }
    }
}
