package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * One of several approval rules of a protected environment, all of which must be met. Not validated until
 * {@link #problem} is called.
 */
public class ApprovalRuleConfig extends ApprovalRequirement<ApprovalRuleConfig> {

    /** @param name the name of the rule, unique within its environment; it needs 1 approval until another is set */
    @DataBoundConstructor
    public ApprovalRuleConfig(@NonNull String name) {
        super(name, 1);
    }

    /** @return how many approvals are needed; 0, which {@link #problem} refuses, if that was left empty */
    private int approvals() {
        Integer configured = getRequiredApprovals();
        return configured == null ? 0 : configured;
    }

    /**
     * @param environment how the rules of the protected environment begin; the part after the scope holds no colon, so
     *     that the rules of several that apply together have different names
     * @return the rule of the policy
     */
    ApprovalRule toRule(String environment) {
        return new ApprovalRule(
                environment + ": " + getName(), approvals(), ApproverConfig.toApprovers(getApprovers()));
    }

    /** @return an error message that names the rule; empty if it is valid */
    Optional<String> problem() {
        return FieldChecks.ruleName(getName())
                .or(() -> FieldChecks.ruleApprovals(approvals()))
                .or(() -> ApproverConfig.problemOf(getApprovers(), approvals()))
                .map(problem -> Messages.ApprovalRuleConfig_Problem(getName(), problem));
    }

    /** The form of a rule, and the checks of its fields. */
    @Extension
    @Symbol("approvalRule")
    public static class DescriptorImpl extends Descriptor<ApprovalRuleConfig> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.ApprovalRuleConfig_DisplayName();
        }

        /** @return an error if the field cannot name a rule */
        @POST
        public FormValidation doCheckName(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(
                    item, FieldChecks.ruleName(Util.fixNull(value).strip()));
        }

        /** @return an error if the field is no number in range */
        @POST
        public FormValidation doCheckRequiredApprovals(@AncestorInPath Item item, @QueryParameter String value) {
            return FieldChecks.answer(item, FieldChecks.ruleApprovals(FieldChecks.number(value)));
        }
    }
}
