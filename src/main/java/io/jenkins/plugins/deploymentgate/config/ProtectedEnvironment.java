package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The configuration that protects one environment, or all whose names match a pattern.
 *
 * <p>Holds what was typed, sensible or not, because forms and configuration as code build it piece by piece;
 * {@link #problem} judges the whole before it is put in force.
 */
public class ProtectedEnvironment extends ApprovalRequirement<ProtectedEnvironment> {

    private List<ApprovalRuleConfig> approvalRules = new ArrayList<>();
    private List<ApproverConfig> deployAccess = new ArrayList<>();

    /** Null in files of old versions. */
    @CheckForNull
    private List<DeploySourceConfig> deployFrom = new ArrayList<>();

    private boolean allowAutomated = true;
    private boolean allowUnknownRequesters;
    private boolean allowSelfApproval;
    private boolean preventAuthorApproval;
    private boolean commentToApprove;
    private boolean commentToReject;

    @CheckForNull
    private Integer deadlineMinutes;

    @CheckForNull
    private Integer waitMinutes;

    private List<FreezeWindowConfig> freezeWindows = new ArrayList<>();
    private boolean exclusive;

    /** Null for never, so that what a form saves without a change is the same. */
    @CheckForNull
    private Supersede supersede;

    private boolean refuseOutdated;
    private String instructions = "";

    /** @param name the name of an environment, or a pattern with {@code *} */
    @DataBoundConstructor
    public ProtectedEnvironment(@NonNull String name) {
        super(name, null);
    }

    /** @return further rules, all of which must be met; empty unless set */
    public List<ApprovalRuleConfig> getApprovalRules() {
        return List.copyOf(approvalRules);
    }

    /** @param approvalRules further rules, all of which must be met */
    @DataBoundSetter
    public void setApprovalRules(@CheckForNull List<ApprovalRuleConfig> approvalRules) {
        this.approvalRules = new ArrayList<>(Util.fixNull(approvalRules));
    }

    /** @return who may start a deployment; empty for everybody */
    public List<ApproverConfig> getDeployAccess() {
        return List.copyOf(deployAccess);
    }

    /** @param deployAccess who may start a deployment; null and empty for everybody */
    @DataBoundSetter
    public void setDeployAccess(@CheckForNull List<ApproverConfig> deployAccess) {
        this.deployAccess = new ArrayList<>(Util.fixNull(deployAccess));
    }

    /** @return from where builds may deploy; empty for anywhere */
    public List<DeploySourceConfig> getDeployFrom() {
        return List.copyOf(Util.fixNull(deployFrom));
    }

    /** @param deployFrom from where builds may deploy; null and empty for anywhere */
    @DataBoundSetter
    public void setDeployFrom(@CheckForNull List<DeploySourceConfig> deployFrom) {
        this.deployFrom = new ArrayList<>(Util.fixNull(deployFrom));
    }

    /** @return whether builds may deploy that nobody asked for; true unless set */
    public boolean isAllowAutomated() {
        return allowAutomated;
    }

    /** @param allowAutomated whether builds may deploy that nobody asked for, such as those that a timer started */
    @DataBoundSetter
    public void setAllowAutomated(boolean allowAutomated) {
        this.allowAutomated = allowAutomated;
    }

    /** @return whether builds may deploy of which it is not known who started them; false unless set */
    public boolean isAllowUnknownRequesters() {
        return allowUnknownRequesters;
    }

    /**
     * @param allowUnknownRequesters whether builds may deploy of which it is not known who started them, although the
     *     environment forbids self-approval or restricts who may deploy
     */
    @DataBoundSetter
    public void setAllowUnknownRequesters(boolean allowUnknownRequesters) {
        this.allowUnknownRequesters = allowUnknownRequesters;
    }

    /** @return whether people may approve what they asked for themselves; false unless set */
    public boolean isAllowSelfApproval() {
        return allowSelfApproval;
    }

    /** @param allowSelfApproval whether people may approve what they asked for themselves */
    @DataBoundSetter
    public void setAllowSelfApproval(boolean allowSelfApproval) {
        this.allowSelfApproval = allowSelfApproval;
    }

    /** @return whether the authors of the changes may not approve them; false unless set */
    public boolean isPreventAuthorApproval() {
        return preventAuthorApproval;
    }

    /** @param preventAuthorApproval whether the authors of the changes may not approve them */
    @DataBoundSetter
    public void setPreventAuthorApproval(boolean preventAuthorApproval) {
        this.preventAuthorApproval = preventAuthorApproval;
    }

    /** @return whether an approval needs a comment; false unless set */
    public boolean isCommentToApprove() {
        return commentToApprove;
    }

    /** @param commentToApprove whether an approval needs a comment */
    @DataBoundSetter
    public void setCommentToApprove(boolean commentToApprove) {
        this.commentToApprove = commentToApprove;
    }

    /** @return whether a rejection needs a comment; false unless set */
    public boolean isCommentToReject() {
        return commentToReject;
    }

    /** @param commentToReject whether a rejection needs a comment */
    @DataBoundSetter
    public void setCommentToReject(boolean commentToReject) {
        this.commentToReject = commentToReject;
    }

    /** @return how long a deployment may wait, in minutes; null for 28 days */
    @CheckForNull
    public Integer getDeadlineMinutes() {
        return deadlineMinutes;
    }

    /** @param deadlineMinutes how long a deployment may wait, in minutes, 1 or more; null for 28 days */
    @DataBoundSetter
    public void setDeadlineMinutes(@CheckForNull Integer deadlineMinutes) {
        this.deadlineMinutes = deadlineMinutes;
    }

    /** @return how long a deployment waits at least, in minutes; null for no time */
    @CheckForNull
    public Integer getWaitMinutes() {
        return waitMinutes;
    }

    /** @param waitMinutes how long a deployment waits at least, in minutes, counted from its gate; null for no time */
    @DataBoundSetter
    public void setWaitMinutes(@CheckForNull Integer waitMinutes) {
        this.waitMinutes = waitMinutes;
    }

    /** @return when no deployment goes on; empty unless set */
    public List<FreezeWindowConfig> getFreezeWindows() {
        return List.copyOf(freezeWindows);
    }

    /** @param freezeWindows when no deployment goes on */
    @DataBoundSetter
    public void setFreezeWindows(@CheckForNull List<FreezeWindowConfig> freezeWindows) {
        this.freezeWindows = new ArrayList<>(Util.fixNull(freezeWindows));
    }

    /** @return whether one deployment runs at a time; false unless set */
    public boolean isExclusive() {
        return exclusive;
    }

    /** @param exclusive whether one deployment runs at a time, among all jobs for which this applies */
    @DataBoundSetter
    public void setExclusive(boolean exclusive) {
        this.exclusive = exclusive;
    }

    /** @return when a newer build cancels the deployments of older builds of its job that wait; never unless set */
    public Supersede getSupersede() {
        return supersede == null ? Supersede.never : supersede;
    }

    /** @param supersede when a newer build cancels the deployments of older builds of its job that wait; null for never */
    @DataBoundSetter
    public void setSupersede(@CheckForNull Supersede supersede) {
        this.supersede = supersede == Supersede.never ? null : supersede;
    }

    /** @return whether a build may not deploy after a newer build of its job; false unless set */
    public boolean isRefuseOutdated() {
        return refuseOutdated;
    }

    /** @param refuseOutdated whether a build may not deploy after a newer build of its job, unless its pipeline says so */
    @DataBoundSetter
    public void setRefuseOutdated(boolean refuseOutdated) {
        this.refuseOutdated = refuseOutdated;
    }

    /** @return what approvers are told to look at; empty unless set */
    public String getInstructions() {
        return instructions;
    }

    /** @param instructions what approvers are told to look at, plain text; a line separator (U+2028) becomes a line feed */
    @DataBoundSetter
    public void setInstructions(@CheckForNull String instructions) {
        this.instructions = Util.fixNull(instructions).replace('\u2028', '\n').strip();
    }

    /** @return how many approvals are needed beside those of the rules: 1 if left empty, or 0 where there are rules */
    @Restricted(NoExternalUse.class)
    public int effectiveApprovals() {
        Integer configured = getRequiredApprovals();
        if (configured != null) {
            return configured;
        }
        return approvalRules.isEmpty() ? 1 : 0;
    }

    /**
     * @param scope the full name of the folder or job that has this; empty for the whole Jenkins
     * @return the engine's form of this
     */
    ProtectedEnvironments.Entry toEntry(String scope) {
        return new EnvironmentTranslation(this).toEntry(scope);
    }

    /** @return another one that is equal in every field and shares nothing with this */
    @Restricted(NoExternalUse.class)
    public ProtectedEnvironment copy() {
        return (ProtectedEnvironment) StrictXml.XSTREAM.fromXML(StrictXml.XSTREAM.toXML(this));
    }

    /** @return what is wrong with this, for people, naming the environment and the field; empty if it can be used */
    Optional<String> problem() {
        return new EnvironmentTranslation(this).problem();
    }

    /** The values of {@link TurnRules.Supersede}, spelled as in configuration as code. */
    public enum Supersede {
        /** Never. */
        never(TurnRules.Supersede.NEVER),
        /** When the newer build is released. */
        onRelease(TurnRules.Supersede.ON_RELEASE),
        /** When the newer build starts to wait. */
        onArrival(TurnRules.Supersede.ON_ARRIVAL);

        private final TurnRules.Supersede rule;

        Supersede(TurnRules.Supersede rule) {
            this.rule = rule;
        }

        /** @return the engine's form of this */
        public TurnRules.Supersede rule() {
            return rule;
        }

        /** @return the value of the engine in this form */
        public static Supersede of(TurnRules.Supersede rule) {
            return Stream.of(values())
                    .filter(value -> value.rule == rule)
                    .findFirst()
                    .orElseThrow();
        }

        /** @return what the form calls it */
        public String getDisplayName() {
            return switch (this) {
                case never -> Messages.ProtectedEnvironment_Supersede_Never();
                case onRelease -> Messages.ProtectedEnvironment_Supersede_OnRelease();
                case onArrival -> Messages.ProtectedEnvironment_Supersede_OnArrival();
            };
        }
    }

    /** The form of a protected environment, and the checks of its fields. */
    @Extension
    @Symbol("protectedEnvironment")
    public static class DescriptorImpl extends Descriptor<ProtectedEnvironment> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ProtectedEnvironment_DisplayName();
        }

        /** @return an error if the field cannot name environments */
        @POST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(
                    item, FieldChecks.environmentName(Util.fixNull(value).strip()));
        }

        /** @return an error if the field is no number in range, a remark if it means that nothing is blocked */
        @POST
        public FormValidation doCheckRequiredApprovals(@AncestorInPath Item item, @QueryParameter String value) {
            if (Util.fixNull(value).isBlank()) {
                return FormValidation.ok();
            }
            Integer count = FieldChecks.number(value);
            return count != null && count == 0 && FieldChecks.mayAsk(item)
                    ? FormValidation.ok(Messages.ProtectedEnvironment_RequiredApprovals_Zero())
                    : FieldChecks.answer(item, FieldChecks.environmentApprovals(count));
        }

        /** @return an error if the field is no number of minutes in range */
        @POST
        public FormValidation doCheckDeadlineMinutes(@AncestorInPath Item item, @QueryParameter String value) {
            return Util.fixNull(value).isBlank()
                    ? FormValidation.ok()
                    : FieldChecks.answer(item, FieldChecks.deadline(FieldChecks.numberOr(value, -1)));
        }

        /** @return an error if the field is no number of minutes in range, or not less than the deadline */
        @POST
        public FormValidation doCheckWaitMinutes(
                @AncestorInPath Item item, @QueryParameter String value, @QueryParameter String deadlineMinutes) {
            return Util.fixNull(value).isBlank()
                    ? FormValidation.ok()
                    : FieldChecks.answer(
                            item,
                            FieldChecks.waitTime(FieldChecks.numberOr(value, -1), FieldChecks.number(deadlineMinutes)));
        }

        /** @return an error if the field is too long */
        @POST
        public FormValidation doCheckInstructions(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, FieldChecks.instructions(Util.fixNull(value)));
        }
    }
}
