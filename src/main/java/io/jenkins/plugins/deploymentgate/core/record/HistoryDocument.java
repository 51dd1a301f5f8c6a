package io.jenkins.plugins.deploymentgate.core.record;

import static io.jenkins.plugins.deploymentgate.core.record.Fields.present;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.DeploymentHistory;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.deployment.Withdrawal;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The JSON form of a {@link DeploymentHistory}, as part of a {@link DeploymentDocument}. */
record HistoryDocument(
        List<ApprovalDocument> approvals,
        List<WithdrawalDocument> withdrawals,
        @JsonInclude(JsonInclude.Include.NON_NULL) OverrideDocument override) {

    static HistoryDocument of(DeploymentHistory history) {
        return new HistoryDocument(
                history.approvals().stream().map(ApprovalDocument::of).toList(),
                history.withdrawals().stream().map(WithdrawalDocument::of).toList(),
                history.override().map(OverrideDocument::of).orElse(null));
    }

    DeploymentHistory toHistory() {
        return new DeploymentHistory(
                present(approvals, "approvals").stream()
                        .map(ApprovalDocument::toApproval)
                        .toList(),
                present(withdrawals, "withdrawals").stream()
                        .map(WithdrawalDocument::toWithdrawal)
                        .toList(),
                Optional.ofNullable(override).map(OverrideDocument::toOverride));
    }

    record ApprovalDocument(
            String user,
            Set<String> groups,
            boolean mayApprove,
            Set<Integer> accessLevels,
            VoteDecision status,
            String comment,
            Instant createdAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) String rule) {

        static ApprovalDocument of(Approval approval) {
            Voter voter = approval.voter();
            return new ApprovalDocument(
                    voter.id(),
                    new TreeSet<>(voter.groups()),
                    voter.mayApprove(),
                    voter.levels().stream().map(AccessLevel::number).collect(Collectors.toCollection(TreeSet::new)),
                    approval.decision(),
                    approval.comment(),
                    approval.at(),
                    approval.rule().orElse(null));
        }

        Approval toApproval() {
            return new Approval(
                    new Voter(
                            user,
                            present(groups, "groups"),
                            mayApprove,
                            present(accessLevels, "access_levels").stream()
                                    .map(Fields::level)
                                    .collect(Collectors.toSet())),
                    present(status, "status"),
                    present(comment, "comment"),
                    present(createdAt, "created_at"),
                    Optional.ofNullable(rule));
        }
    }

    record WithdrawalDocument(ApprovalDocument approval, Instant withdrawnAt) {

        static WithdrawalDocument of(Withdrawal withdrawal) {
            return new WithdrawalDocument(ApprovalDocument.of(withdrawal.approval()), withdrawal.at());
        }

        Withdrawal toWithdrawal() {
            return new Withdrawal(present(approval, "approval").toApproval(), present(withdrawnAt, "withdrawn_at"));
        }
    }

    record OverrideDocument(String user, VoteDecision status, String reason, Instant createdAt) {

        static OverrideDocument of(PolicyOverride override) {
            return new OverrideDocument(override.user(), override.decision(), override.reason(), override.at());
        }

        PolicyOverride toOverride() {
            return new PolicyOverride(
                    present(user, "user"),
                    present(status, "status"),
                    present(reason, "reason"),
                    present(createdAt, "created_at"));
        }
    }
}
