package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.engine.ApprovalRule;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentName;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.NamePattern;
import io.jenkins.plugins.deploymentgate.engine.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
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
public class ProtectedEnvironment extends AbstractDescribableImpl<ProtectedEnvironment> {

    /** More approvals than this are a slip of the hand. */
    public static final int MAX_REQUIRED_APPROVALS = 100;

    /** The longest instructions, in UTF-16 units. */
    public static final int MAX_INSTRUCTIONS = 10_000;

    private final String name;

    @CheckForNull
    private Integer requiredApprovals;

    private List<ApproverConfig> approvers = new ArrayList<>();
    private List<ApprovalRuleConfig> approvalRules = new ArrayList<>();
    private boolean allowSelfApproval;
    private boolean commentToApprove;
    private boolean commentToReject;
    private String instructions = "";

    /** @param name the name of an environment, or a pattern with {@code *} */
    @DataBoundConstructor
    public ProtectedEnvironment(@NonNull String name) {
        this.name = Util.fixNull(name).strip();
    }

    /** @return the name or pattern */
    public String getName() {
        return name;
    }

    /** @return how many different people must approve, as configured; null for the default */
    @CheckForNull
    public Integer getRequiredApprovals() {
        return requiredApprovals;
    }

    /**
     * @param requiredApprovals how many different people must approve; 0 records deployments and never blocks; null for
     *     the default, which is 1, or 0 where there are approval rules
     */
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

    /** @return further rules, all of which must be met; empty unless set */
    public List<ApprovalRuleConfig> getApprovalRules() {
        return List.copyOf(approvalRules);
    }

    /** @param approvalRules further rules, all of which must be met */
    @DataBoundSetter
    public void setApprovalRules(@CheckForNull List<ApprovalRuleConfig> approvalRules) {
        this.approvalRules = new ArrayList<>(Util.fixNull(approvalRules));
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

    /** @return what approvers are told to look at; empty unless set */
    public String getInstructions() {
        return instructions;
    }

    /** @param instructions what approvers are told to look at, plain text */
    @DataBoundSetter
    public void setInstructions(@CheckForNull String instructions) {
        this.instructions = Util.fixNull(instructions).strip();
    }

    /** @return the key under which the engine keeps {@link #toPolicy} */
    NamePattern toPattern() {
        return new NamePattern(name);
    }

    private int effectiveApprovals() {
        if (requiredApprovals != null) {
            return requiredApprovals;
        }
        return approvalRules.isEmpty() ? 1 : 0;
    }

    /** @return one rule named like this with the plain count and approvers, and the further rules */
    EnvironmentPolicy toPolicy() {
        List<ApprovalRule> rules = new ArrayList<>();
        rules.add(new ApprovalRule(name, effectiveApprovals(), ApproverConfig.toApprovers(approvers)));
        approvalRules.forEach(rule -> rules.add(rule.toRule(name)));
        Set<Verdict> commentRequired = EnumSet.noneOf(Verdict.class);
        if (commentToApprove) {
            commentRequired.add(Verdict.APPROVED);
        }
        if (commentToReject) {
            commentRequired.add(Verdict.REJECTED);
        }
        return new EnvironmentPolicy(
                rules, allowSelfApproval, commentRequired, instructions.isEmpty() ? List.of() : List.of(instructions));
    }

    /** @return what is wrong with this, for people, naming the environment and the field; empty if it can be used */
    Optional<String> problem() {
        return problemOfName(name)
                .or(() -> problemOfCount(effectiveApprovals()))
                .or(() -> ApproverConfig.problemOf(approvers, effectiveApprovals()))
                .or(this::problemOfRules)
                .or(() -> problemOfInstructions(instructions))
                .map(problem -> Messages.ProtectedEnvironment_Problem(name, problem));
    }

    private Optional<String> problemOfRules() {
        Set<String> names = new HashSet<>();
        for (ApprovalRuleConfig rule : approvalRules) {
            Optional<String> problem = rule.problem();
            if (problem.isPresent()) {
                return problem;
            } else if (!names.add(rule.getName())) {
                return Optional.of(Messages.ApprovalRuleConfig_Duplicate(rule.getName()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> problemOfName(String name) {
        return EnvironmentName.problemOfPattern(name).map(problem -> switch (problem) {
            case EMPTY -> Messages.ProtectedEnvironment_Name_Empty();
            case TOO_LONG -> Messages.ProtectedEnvironment_Name_TooLong(EnvironmentName.MAX_LENGTH);
            case UNTRIMMED -> Messages.ProtectedEnvironment_Name_Untrimmed();
            case ILLEGAL_CHARACTER, PATTERN -> Messages.ProtectedEnvironment_Name_IllegalCharacter();
        });
    }

    private static Optional<String> problemOfCount(int count) {
        return count < 0 || count > MAX_REQUIRED_APPROVALS
                ? Optional.of(Messages.ProtectedEnvironment_RequiredApprovals_OutOfRange(MAX_REQUIRED_APPROVALS))
                : Optional.empty();
    }

    private static Optional<String> problemOfInstructions(String text) {
        return text.length() > MAX_INSTRUCTIONS
                ? Optional.of(Messages.ProtectedEnvironment_Instructions_TooLong(MAX_INSTRUCTIONS))
                : Optional.empty();
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
        public FormValidation doCheckName(@QueryParameter String value) {
            return answer(problemOfName(Util.fixNull(value).strip()));
        }

        /** @return an error if the field is no number in range, a remark if it means that nothing is blocked */
        @POST
        public FormValidation doCheckRequiredApprovals(@QueryParameter String value) {
            String text = Util.fixNull(value).strip();
            if (text.isEmpty()) {
                return FormValidation.ok();
            }
            try {
                int count = Integer.parseInt(text);
                return count == 0 && isAdministrator()
                        ? FormValidation.ok(Messages.ProtectedEnvironment_RequiredApprovals_Zero())
                        : answer(problemOfCount(count));
            } catch (NumberFormatException e) {
                return answer(problemOfCount(-1));
            }
        }

        /** @return an error if the field is too long */
        @POST
        public FormValidation doCheckInstructions(@QueryParameter String value) {
            return answer(problemOfInstructions(Util.fixNull(value)));
        }

        private static FormValidation answer(Optional<String> problem) {
            return isAdministrator()
                    ? problem.map(FormValidation::error).orElse(FormValidation.ok())
                    : FormValidation.ok();
        }

        private static boolean isAdministrator() {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        }
    }
}
