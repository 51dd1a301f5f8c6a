package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.engine.ApprovalRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * One of several approval rules of a protected environment, all of which must be met. Holds what was typed;
 * {@link #problem} judges it.
 */
public class ApprovalRuleConfig extends AbstractDescribableImpl<ApprovalRuleConfig> {

    /** The longest name, in UTF-16 units. */
    static final int MAX_NAME = 100;

    private final String name;
    private Integer requiredApprovals = 1;
    private List<ApproverConfig> approvers = new ArrayList<>();

    /** @param name what the rule is called, unique within its environment */
    @DataBoundConstructor
    public ApprovalRuleConfig(@NonNull String name) {
        this.name = Util.fixNull(name).strip();
    }

    /** @return what the rule is called */
    public String getName() {
        return name;
    }

    /** @return how many different people must approve; 1 unless set; null only if the form was sent empty */
    @CheckForNull
    public Integer getRequiredApprovals() {
        return requiredApprovals;
    }

    /** @param requiredApprovals how many different people must approve, at least 1 */
    @DataBoundSetter
    public void setRequiredApprovals(@CheckForNull Integer requiredApprovals) {
        this.requiredApprovals = requiredApprovals;
    }

    /** @return who may approve; empty for everybody who holds Deployment/Approve on the job */
    public List<ApproverConfig> getApprovers() {
        return List.copyOf(approvers);
    }

    /** @param approvers who may approve; null and empty for everybody who holds Deployment/Approve on the job */
    @DataBoundSetter
    public void setApprovers(@CheckForNull List<ApproverConfig> approvers) {
        this.approvers = new ArrayList<>(Util.fixNull(approvers));
    }

    /**
     * @param environment the name of the protected environment, which holds no colon, so that the rules of several that
     *     apply together have different names
     * @return the engine's form of this
     */
    ApprovalRule toRule(String environment) {
        return new ApprovalRule(environment + ": " + name, requiredApprovals, ApproverConfig.toApprovers(approvers));
    }

    /** @return what is wrong with this, for people, naming the rule; empty if it can be used */
    Optional<String> problem() {
        return problemOfName(name)
                .or(() -> problemOfCount(requiredApprovals))
                .or(() -> ApproverConfig.problemOf(approvers, requiredApprovals))
                .map(problem -> Messages.ApprovalRuleConfig_Problem(name, problem));
    }

    private static Optional<String> problemOfName(String name) {
        if (name == null || name.isBlank()) {
            return Optional.of(Messages.ApprovalRuleConfig_Name_Empty());
        }
        return name.length() > MAX_NAME
                ? Optional.of(Messages.ApprovalRuleConfig_Name_TooLong(MAX_NAME))
                : Optional.empty();
    }

    private static Optional<String> problemOfCount(Integer count) {
        return count == null || count < 1 || count > ProtectedEnvironment.MAX_REQUIRED_APPROVALS
                ? Optional.of(Messages.ApprovalRuleConfig_RequiredApprovals_OutOfRange(
                        ProtectedEnvironment.MAX_REQUIRED_APPROVALS))
                : Optional.empty();
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
        public FormValidation doCheckName(@QueryParameter String value) {
            return answer(problemOfName(Util.fixNull(value).strip()));
        }

        /** @return an error if the field is no number in range */
        @POST
        public FormValidation doCheckRequiredApprovals(@QueryParameter String value) {
            try {
                return answer(problemOfCount(Integer.valueOf(Util.fixNull(value).strip())));
            } catch (NumberFormatException e) {
                return answer(problemOfCount(null));
            }
        }

        private static FormValidation answer(Optional<String> problem) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    ? problem.map(FormValidation::error).orElse(FormValidation.ok())
                    : FormValidation.ok();
        }
    }
}
