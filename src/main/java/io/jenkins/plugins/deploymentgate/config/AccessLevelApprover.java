package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.verb.POST;

/** Everybody with an access level on the job may approve. */
public class AccessLevelApprover extends ApproverConfig {

    private final int level;

    /** @param level GitLab's number: 30 for Job/Build, 40 for Job/Configure, 60 for Overall/Administer */
    @DataBoundConstructor
    public AccessLevelApprover(int level) {
        this.level = level;
    }

    /** @return GitLab's number of the level */
    public int getLevel() {
        return level;
    }

    @Override
    @Restricted(NoExternalUse.class)
    public Approver toApprover() {
        return new Approver.Level(AccessLevel.of(level).orElseThrow());
    }

    @Override
    Optional<String> problem() {
        return AccessLevel.of(level).isPresent()
                ? Optional.empty()
                : Optional.of(Messages.AccessLevelApprover_Unknown(level));
    }

    /** @return what it is called, for people */
    @Restricted(NoExternalUse.class)
    public static String describe(AccessLevel level) {
        return switch (level) {
            case DEVELOPER -> Messages.AccessLevelApprover_Developer();
            case MAINTAINER -> Messages.AccessLevelApprover_Maintainer();
            case ADMINISTRATOR -> Messages.AccessLevelApprover_Administrator();
        };
    }

    @Override
    String describe() {
        return AccessLevel.of(level).map(AccessLevelApprover::describe).orElse(String.valueOf(level));
    }

    /** The form of an access level. */
    @Extension
    @Symbol("accessLevel")
    public static class DescriptorImpl extends Descriptor<ApproverConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AccessLevelApprover_DisplayName();
        }

        /** @return the three levels; they are no secret */
        @POST
        public ListBoxModel doFillLevelItems() {
            ListBoxModel items = new ListBoxModel();
            for (AccessLevel level : AccessLevel.values()) {
                items.add(describe(level), String.valueOf(level.number()));
            }
            return items;
        }
    }
}
