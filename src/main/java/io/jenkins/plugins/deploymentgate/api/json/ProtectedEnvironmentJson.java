package io.jenkins.plugins.deploymentgate.api.json;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.jenkins.plugins.deploymentgate.config.ApprovalRuleConfig;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.DeploySourceConfig;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A protected environment: GitLab's fields, then those of this plugin.
 *
 * @param requiredApprovalCount the number of approvals in addition to those of the rules
 * @param deployFrom from where builds can deploy; empty for anywhere
 * @param approvers the approvers for this number; empty for those who may deploy
 * @param requireComment approved, rejected, both or neither
 * @param deadlineMinutes null for the default
 * @param waitMinutes null for no time
 * @param supersede never, on_release or on_arrival
 */
@Restricted(NoExternalUse.class)
public record ProtectedEnvironmentJson(
        String name,
        List<Level> deployAccessLevels,
        List<Source> deployFrom,
        List<Rule> approvalRules,
        int requiredApprovalCount,
        List<ApproverJson> approvers,
        boolean allowSelfApproval,
        boolean preventAuthorApproval,
        List<String> requireComment,
        Integer deadlineMinutes,
        Integer waitMinutes,
        boolean allowAutomated,
        boolean allowUnknownRequesters,
        boolean exclusive,
        String supersede,
        boolean refuseOutdated,
        String instructions) {

    /** From where builds can deploy, in a response or in a request. Exactly one is set; null stands for false in a request. */
    public record Source(String branch, String tag, String job, Boolean pullRequest) {

        static Source of(DeploySourceConfig source) {
            return new Source(source.getBranch(), source.getTag(), source.getJob(), source.isPullRequest());
        }

        /** @return the same as configuration, not validated */
        public DeploySourceConfig toConfig() {
            DeploySourceConfig source = new DeploySourceConfig();
            source.setBranch(branch);
            source.setTag(tag);
            source.setJob(job);
            source.setPullRequest(Boolean.TRUE.equals(pullRequest));
            return source;
        }
    }

    /** A deployer. The ID depends on the deployer only. */
    public record Level(long id, @JsonUnwrapped ApproverJson who) {

        public static Level of(String place, ApproverConfig approver) {
            ApproverJson who = ApproverJson.of(approver);
            return new Level(NumericIds.of(NumericIds.Kind.LEVEL, place + "\0" + who.key()), who);
        }
    }

    /**
     * A rule. The ID depends on the name only.
     *
     * @param who its approver if there is exactly one
     * @param approvers all of its approvers
     */
    public record Rule(
            long id,
            String name,
            int requiredApprovals,
            @JsonUnwrapped ApproverJson who,
            List<ApproverJson> approvers) {

        public static Rule of(String place, ApprovalRuleConfig rule) {
            List<ApproverJson> approvers =
                    rule.getApprovers().stream().map(ApproverJson::of).toList();
            Integer required = rule.getRequiredApprovals();
            return new Rule(
                    NumericIds.of(NumericIds.Kind.RULE, place + "\0" + rule.getName()),
                    rule.getName(),
                    required == null ? 0 : required,
                    approvers.size() == 1 ? approvers.get(0) : ApproverJson.NONE,
                    approvers);
        }
    }

    /**
     * @param scope the full name of the folder or job; empty for the whole Jenkins
     * @param environment the configuration
     */
    public static ProtectedEnvironmentJson of(String scope, ProtectedEnvironment environment) {
        String place = scope + "\0" + environment.getName();
        return new ProtectedEnvironmentJson(
                environment.getName(),
                environment.getDeployAccess().stream()
                        .map(approver -> Level.of(place, approver))
                        .toList(),
                environment.getDeployFrom().stream().map(Source::of).toList(),
                environment.getApprovalRules().stream()
                        .map(rule -> Rule.of(place, rule))
                        .toList(),
                environment.effectiveApprovals(),
                environment.getApprovers().stream().map(ApproverJson::of).toList(),
                environment.isAllowSelfApproval(),
                environment.isPreventAuthorApproval(),
                commentRequired(environment),
                environment.getDeadlineMinutes(),
                environment.getWaitMinutes(),
                environment.isAllowAutomated(),
                environment.isAllowUnknownRequesters(),
                environment.isExclusive(),
                environment.getSupersede().rule().toString(),
                environment.isRefuseOutdated(),
                environment.getInstructions());
    }

    private static List<String> commentRequired(ProtectedEnvironment environment) {
        return Stream.of(VoteDecision.values())
                .filter(decision -> decision == VoteDecision.APPROVED
                        ? environment.isCommentToApprove()
                        : environment.isCommentToReject())
                .map(VoteDecision::word)
                .toList();
    }
}
