package io.jenkins.plugins.deploymentgate.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.jenkins.plugins.deploymentgate.engine.AccessLevel;
import io.jenkins.plugins.deploymentgate.engine.Approval;
import io.jenkins.plugins.deploymentgate.engine.ApprovalRule;
import io.jenkins.plugins.deploymentgate.engine.Approver;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.FailureReason;
import io.jenkins.plugins.deploymentgate.engine.Status;
import io.jenkins.plugins.deploymentgate.engine.Verdict;
import io.jenkins.plugins.deploymentgate.engine.Voter;
import io.jenkins.plugins.deploymentgate.engine.Withdrawal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The form of a deployment on disk, apart from the engine's types so that those can change while old files stay
 * readable. Unknown fields are an error: a file that this version does not wholly understand must not open a gate.
 *
 * @param format the version of this form, {@link #FORMAT}
 */
record DeploymentDocument(
        int format,
        long id,
        int iid,
        String environment,
        List<String> requesters,
        String message,
        Status status,
        @JsonInclude(JsonInclude.Include.NON_NULL) FailureReason failureReason,
        PolicyDocument policy,
        List<ApprovalDocument> approvals,
        List<WithdrawalDocument> withdrawals,
        Instant createdAt,
        Instant updatedAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) Instant finishedAt) {

    static final int FORMAT = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .build();

    record PolicyDocument(
            List<RuleDocument> rules,
            boolean selfApprovalAllowed,
            Set<Verdict> commentRequired,
            List<String> instructions) {

        static PolicyDocument of(EnvironmentPolicy policy) {
            return new PolicyDocument(
                    policy.rules().stream().map(RuleDocument::of).toList(),
                    policy.selfApprovalAllowed(),
                    new TreeSet<>(policy.commentRequired()),
                    policy.instructions());
        }

        EnvironmentPolicy toPolicy() {
            return new EnvironmentPolicy(
                    present(rules, "rules").stream().map(RuleDocument::toRule).toList(),
                    selfApprovalAllowed,
                    present(commentRequired, "comment_required"),
                    present(instructions, "instructions"));
        }
    }

    record RuleDocument(String name, int requiredApprovals, List<ApproverDocument> approvers) {

        static RuleDocument of(ApprovalRule rule) {
            return new RuleDocument(
                    rule.name(),
                    rule.requiredApprovals(),
                    rule.approvers().stream().map(ApproverDocument::of).toList());
        }

        ApprovalRule toRule() {
            return new ApprovalRule(
                    present(name, "name"),
                    requiredApprovals,
                    present(approvers, "approvers").stream()
                            .map(ApproverDocument::toApprover)
                            .toList());
        }
    }

    /** Exactly one of the four is set. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ApproverDocument(String user, String group, Integer accessLevel, String permission) {

        private static final String APPROVE = "approve";

        static ApproverDocument of(Approver approver) {
            if (approver instanceof Approver.User one) {
                return new ApproverDocument(one.id(), null, null, null);
            } else if (approver instanceof Approver.Group many) {
                return new ApproverDocument(null, many.name(), null, null);
            } else if (approver instanceof Approver.Level allWith) {
                return new ApproverDocument(null, null, allWith.level().number(), null);
            }
            return new ApproverDocument(null, null, null, APPROVE);
        }

        Approver toApprover() {
            long set = Stream.of(user, group, accessLevel, permission)
                    .filter(Objects::nonNull)
                    .count();
            if (set != 1 || permission != null && !permission.equals(APPROVE)) {
                throw new IllegalArgumentException(
                        "an approver that is not one of user, group, access_level, permission");
            } else if (user != null) {
                return new Approver.User(user);
            } else if (group != null) {
                return new Approver.Group(group);
            }
            return accessLevel != null ? new Approver.Level(levelOf(accessLevel)) : new Approver.PermissionHolders();
        }
    }

    private static AccessLevel levelOf(int number) {
        return AccessLevel.of(number)
                .orElseThrow(() -> new IllegalArgumentException("an unknown access level, " + number));
    }

    record ApprovalDocument(
            String user,
            Set<String> groups,
            boolean mayApprove,
            Set<Integer> accessLevels,
            Verdict status,
            String comment,
            Instant createdAt,
            String rule) {

        static ApprovalDocument of(Approval approval) {
            Voter voter = approval.voter();
            return new ApprovalDocument(
                    voter.id(),
                    new TreeSet<>(voter.groups()),
                    voter.mayApprove(),
                    voter.levels().stream().map(AccessLevel::number).collect(Collectors.toCollection(TreeSet::new)),
                    approval.verdict(),
                    approval.comment(),
                    approval.at(),
                    approval.rule());
        }

        Approval toApproval() {
            return new Approval(
                    new Voter(
                            user,
                            present(groups, "groups"),
                            mayApprove,
                            present(accessLevels, "access_levels").stream()
                                    .map(DeploymentDocument::levelOf)
                                    .collect(Collectors.toSet())),
                    present(status, "status"),
                    present(comment, "comment"),
                    present(createdAt, "created_at"),
                    present(rule, "rule"));
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

    static DeploymentDocument of(Deployment deployment) {
        return new DeploymentDocument(
                FORMAT,
                deployment.id(),
                deployment.iid(),
                deployment.environment(),
                deployment.requesters(),
                deployment.message(),
                deployment.status(),
                deployment.failureReason(),
                PolicyDocument.of(deployment.policy()),
                deployment.approvals().stream().map(ApprovalDocument::of).toList(),
                deployment.withdrawals().stream().map(WithdrawalDocument::of).toList(),
                deployment.createdAt(),
                deployment.updatedAt(),
                deployment.finishedAt());
    }

    /** @throws IllegalArgumentException if something is missing or contradicts itself */
    Deployment toDeployment() {
        return new Deployment(
                id,
                iid,
                present(environment, "environment"),
                present(requesters, "requesters"),
                present(message, "message"),
                present(status, "status"),
                failureReason,
                present(policy, "policy").toPolicy(),
                present(approvals, "approvals").stream()
                        .map(ApprovalDocument::toApproval)
                        .toList(),
                present(withdrawals, "withdrawals").stream()
                        .map(WithdrawalDocument::toWithdrawal)
                        .toList(),
                present(createdAt, "created_at"),
                present(updatedAt, "updated_at"),
                finishedAt);
    }

    private static <T> T present(T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("the field " + field + " is missing");
        }
        return value;
    }

    String toJson() throws JsonProcessingException {
        return MAPPER.writeValueAsString(this);
    }

    static DeploymentDocument fromJson(String json) throws JsonProcessingException {
        JsonNode tree = MAPPER.readTree(json);
        int format = tree.path("format").asInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("format " + format + ", where this version knows " + FORMAT);
        }
        return MAPPER.treeToValue(tree, DeploymentDocument.class);
    }
}
