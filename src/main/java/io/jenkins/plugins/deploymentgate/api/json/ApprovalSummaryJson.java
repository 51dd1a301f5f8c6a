package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.List;

/** The approvals of a deployment by rule. */
record ApprovalSummaryJson(List<Rule> rules) {

    /**
     * A rule. GitLab's rules have one approver; for a rule with several, the fields of the approver are null.
     *
     * @param name the value for {@code represented_as}
     */
    record Rule(
            long id,
            String name,
            Long userId,
            Long groupId,
            Integer accessLevel,
            String accessLevelDescription,
            int requiredApprovals,
            List<ApprovalJson> deploymentApprovals) {}

    static ApprovalSummaryJson of(Tally tally, String root) {
        return new ApprovalSummaryJson(
                tally.rules().stream().map(rule -> rule(rule, root)).toList());
    }

    private static Rule rule(Tally.RuleTally tally, String root) {
        List<Approver> approvers = tally.rule().approvers();
        Levels only = approvers.size() == 1 ? Levels.of(approvers.get(0)) : Levels.NONE;
        return new Rule(
                NumericIds.of(NumericIds.Kind.RULE, tally.rule().name()),
                tally.rule().name(),
                only.userId(),
                only.groupId(),
                only.accessLevel(),
                only.description(),
                tally.rule().requiredApprovals(),
                tally.approvals().stream()
                        .map(approval -> ApprovalJson.of(approval, root))
                        .toList());
    }
}
