package io.jenkins.plugins.deploymentgate.core.record;

import static io.jenkins.plugins.deploymentgate.core.record.Fields.present;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.DeployAccess;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules.Supersede;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The JSON form of an {@link EnvironmentPolicy}, as part of a {@link DeploymentDocument}. */
record PolicyDocument(
        List<RuleDocument> rules,
        List<List<ApproverDocument>> deployAccess,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<List<SourceDocument>> deployFrom,
        boolean automatedAllowed,
        boolean unknownRequestersAllowed,
        boolean selfApprovalAllowed,
        boolean authorApprovalAllowed,
        Set<VoteDecision> commentRequired,
        @JsonInclude(JsonInclude.Include.NON_NULL) Duration deadline,
        Duration waitTime,
        List<FreezeDocument> freezes,
        @JsonInclude(JsonInclude.Include.NON_NULL) String exclusiveIn,
        @JsonInclude(JsonInclude.Include.NON_NULL) Supersede supersede,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean refuseOutdated,
        List<String> instructions) {

    static PolicyDocument of(EnvironmentPolicy policy) {
        return new PolicyDocument(
                policy.rules().stream().map(RuleDocument::of).toList(),
                policy.access().lists().stream()
                        .map(list -> list.stream().map(ApproverDocument::of).toList())
                        .toList(),
                policy.access().sources().isEmpty()
                        ? null
                        : SourceDocument.of(policy.access().sources()),
                policy.access().automatedAllowed(),
                policy.access().unknownAllowed(),
                policy.separation().selfApprovalAllowed(),
                policy.separation().authorApprovalAllowed(),
                new TreeSet<>(policy.commentRequired()),
                policy.timing().deadline().orElse(null),
                policy.timing().waitTime(),
                policy.timing().freezes().stream().map(FreezeDocument::of).toList(),
                policy.turns().exclusiveIn().orElse(null),
                policy.turns().supersede() == Supersede.NEVER
                        ? null
                        : policy.turns().supersede(),
                policy.turns().refuseOutdated() ? Boolean.TRUE : null,
                policy.instructions());
    }

    EnvironmentPolicy toPolicy() {
        List<List<Approver>> lists = present(deployAccess, "deploy_access").stream()
                .map(list -> list.stream().map(ApproverDocument::toApprover).toList())
                .toList();
        return new EnvironmentPolicy(
                present(rules, "rules").stream().map(RuleDocument::toRule).toList(),
                new DeployAccess(
                        lists,
                        deployFrom == null ? List.of() : SourceDocument.toPatterns(deployFrom),
                        automatedAllowed,
                        unknownRequestersAllowed),
                new SeparationOfDuties(selfApprovalAllowed, authorApprovalAllowed),
                present(commentRequired, "comment_required"),
                new Timing(
                        Optional.ofNullable(deadline),
                        present(waitTime, "wait_time"),
                        present(freezes, "freezes").stream()
                                .map(FreezeDocument::toWindow)
                                .toList()),
                new TurnRules(
                        Optional.ofNullable(exclusiveIn),
                        Objects.requireNonNullElse(supersede, Supersede.NEVER),
                        Boolean.TRUE.equals(refuseOutdated)),
                present(instructions, "instructions"));
    }

    /** A source or a pattern of sources. */
    record SourceDocument(DeploySource.Kind kind, String name) {

        static List<List<SourceDocument>> of(List<List<DeploySource.Pattern>> lists) {
            return lists.stream()
                    .map(list -> list.stream()
                            .map(pattern -> new SourceDocument(pattern.kind(), pattern.text()))
                            .toList())
                    .toList();
        }

        static List<List<DeploySource.Pattern>> toPatterns(List<List<SourceDocument>> lists) {
            return lists.stream()
                    .map(list -> list.stream()
                            .map(one -> new DeploySource.Pattern(present(one.kind, "kind"), present(one.name, "name")))
                            .toList())
                    .toList();
        }

        DeploySource toSource() {
            return new DeploySource(present(kind, "kind"), present(name, "name"));
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
            return accessLevel != null
                    ? new Approver.Level(Fields.level(accessLevel))
                    : new Approver.PermissionHolders();
        }
    }

    /** Has either the two dates, or the two days and times. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FreezeDocument(
            LocalDateTime from,
            LocalDateTime to,
            DayOfWeek fromDay,
            LocalTime fromTime,
            DayOfWeek toDay,
            LocalTime toTime,
            ZoneId timeZone) {

        static FreezeDocument of(FreezeWindow window) {
            if (window instanceof FreezeWindow.Weekly weekly) {
                return new FreezeDocument(
                        null, null, weekly.fromDay(), weekly.from(), weekly.toDay(), weekly.to(), weekly.zone());
            }
            FreezeWindow.Dated dated = (FreezeWindow.Dated) window;
            return new FreezeDocument(dated.from(), dated.to(), null, null, null, null, dated.zone());
        }

        FreezeWindow toWindow() {
            ZoneId zone = present(timeZone, "time_zone");
            if (fromDay == null) {
                return new FreezeWindow.Dated(present(from, "from"), present(to, "to"), zone);
            }
            return new FreezeWindow.Weekly(
                    fromDay,
                    present(fromTime, "from_time"),
                    present(toDay, "to_day"),
                    present(toTime, "to_time"),
                    zone);
        }
    }
}
