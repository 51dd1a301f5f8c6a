package io.jenkins.plugins.deploymentgate.api.endpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import hudson.Util;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.json.ApproverJson;
import io.jenkins.plugins.deploymentgate.api.json.KnownNumbers;
import io.jenkins.plugins.deploymentgate.api.json.NumericIds;
import io.jenkins.plugins.deploymentgate.api.json.ProtectedEnvironmentJson;
import io.jenkins.plugins.deploymentgate.config.ApprovalRuleConfig;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The request body to create or change a protected environment. Null leaves a value as it is. A level or rule with an
 * ID changes or removes the one with this ID; one without is added.
 */
@Restricted(NoExternalUse.class)
public record ProtectedEnvironmentChange(
        String name,
        List<Level> deployAccessLevels,
        List<ProtectedEnvironmentJson.Source> deployFrom,
        List<Rule> approvalRules,
        Integer requiredApprovalCount,
        List<ApproverJson.Plain> approvers,
        Boolean allowSelfApproval,
        Boolean preventAuthorApproval,
        List<String> requireComment,
        Integer deadlineMinutes,
        Integer waitMinutes,
        Boolean allowAutomated,
        Boolean allowUnknownRequesters,
        Boolean exclusive,
        String supersede,
        Boolean refuseOutdated,
        String instructions) {

    private static final String LEVELS = "deploy_access_levels";
    private static final String RULES = "approval_rules";

    /** A deployer. */
    public record Level(
            Long id,
            Integer accessLevel,
            Long userId,
            Long groupId,
            String user,
            String group,
            @JsonProperty("_destroy") Boolean destroy)
            implements ApproverJson.Input {}

    /** A rule with one approver, like GitLab's, or with a list of approvers. */
    public record Rule(
            Long id,
            String name,
            Integer requiredApprovals,
            Integer accessLevel,
            Long userId,
            Long groupId,
            String user,
            String group,
            List<ApproverJson.Plain> approvers,
            @JsonProperty("_destroy") Boolean destroy)
            implements ApproverJson.Input {}

    /**
     * Changes a protected environment that is not in force.
     *
     * @param environment a copy or a new one
     * @param scope the full name of the folder or job; empty for global
     * @param numbers finds users and groups by number
     * @throws ApiException 400, 409 or 422 if the change is invalid
     */
    void applyTo(ProtectedEnvironment environment, String scope, KnownNumbers numbers) {
        String place = scope + "\0" + environment.getName();
        if (deployAccessLevels != null) {
            environment.setDeployAccess(levels(environment.getDeployAccess(), place, numbers));
        }
        if (deployFrom != null) {
            environment.setDeployFrom(IntStream.range(0, deployFrom.size())
                    .mapToObj(i ->
                            element(deployFrom.get(i), "deploy_from[" + i + "]").toConfig())
                    .toList());
        }
        if (approvalRules != null) {
            environment.setApprovalRules(rules(environment.getApprovalRules(), place, numbers));
        }
        if (approvers != null) {
            environment.setApprovers(approvers(approvers, "approvers", numbers));
        }
        set(requiredApprovalCount, environment::setRequiredApprovals);
        set(allowSelfApproval, environment::setAllowSelfApproval);
        set(preventAuthorApproval, environment::setPreventAuthorApproval);
        set(deadlineMinutes, environment::setDeadlineMinutes);
        set(waitMinutes, environment::setWaitMinutes);
        set(allowAutomated, environment::setAllowAutomated);
        set(allowUnknownRequesters, environment::setAllowUnknownRequesters);
        set(exclusive, environment::setExclusive);
        set(refuseOutdated, environment::setRefuseOutdated);
        set(instructions, environment::setInstructions);
        if (supersede != null) {
            environment.setSupersede(TurnRules.Supersede.of(supersede)
                    .map(ProtectedEnvironment.Supersede::of)
                    .orElseThrow(() -> ApiException.badRequest(Messages.Json_Invalid("supersede"))));
        }
        if (requireComment != null) {
            List<VoteDecision> decisions = requireComment.stream()
                    .map(word -> VoteDecision.of(word)
                            .orElseThrow(() -> ApiException.badRequest(Messages.Json_Invalid("require_comment"))))
                    .toList();
            environment.setCommentToApprove(decisions.contains(VoteDecision.APPROVED));
            environment.setCommentToReject(decisions.contains(VoteDecision.REJECTED));
        }
    }

    private static <T> void set(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private List<ApproverConfig> levels(List<ApproverConfig> before, String place, KnownNumbers numbers) {
        List<ApproverConfig> after = new ArrayList<>(before);
        List<Long> ids = new ArrayList<>(before.stream()
                .map(level -> ProtectedEnvironmentJson.Level.of(place, level).id())
                .toList());
        for (int i = 0; i < deployAccessLevels.size(); i++) {
            String field = LEVELS + "[" + i + "]";
            Level level = element(deployAccessLevels.get(i), field);
            int at = indexOf(level.id(), ids, field);
            if (Boolean.TRUE.equals(level.destroy())) {
                remove(after, ids, at, field);
            } else if (at < 0) {
                after.add(ApproverJson.toConfig(level, field, numbers));
            } else if (level.isSet()) {
                after.set(at, ApproverJson.toConfig(level, field, numbers));
            }
        }
        return after;
    }

    private List<ApprovalRuleConfig> rules(List<ApprovalRuleConfig> before, String place, KnownNumbers numbers) {
        List<ApprovalRuleConfig> after = new ArrayList<>(before);
        List<Long> ids = new ArrayList<>(before.stream()
                .map(rule -> ProtectedEnvironmentJson.Rule.of(place, rule).id())
                .toList());
        for (int i = 0; i < approvalRules.size(); i++) {
            String field = RULES + "[" + i + "]";
            Rule rule = element(approvalRules.get(i), field);
            int at = indexOf(rule.id(), ids, field);
            if (Boolean.TRUE.equals(rule.destroy())) {
                remove(after, ids, at, field);
            } else if (at < 0) {
                after.add(rule(rule, after, field, numbers));
            } else {
                after.set(at, changed(after.get(at), rule, field, numbers));
            }
        }
        return after;
    }

    private static ApprovalRuleConfig rule(
            Rule sent, List<ApprovalRuleConfig> others, String field, KnownNumbers numbers) {
        List<ApproverConfig> approvers = approversOf(sent, field, numbers);
        String name = Util.fixNull(sent.name()).isBlank() ? unusedName(approvers, others) : sent.name();
        ApprovalRuleConfig rule = new ApprovalRuleConfig(name);
        rule.setApprovers(approvers);
        set(sent.requiredApprovals(), rule::setRequiredApprovals);
        return rule;
    }

    private static ApprovalRuleConfig changed(
            ApprovalRuleConfig before, Rule sent, String field, KnownNumbers numbers) {
        ApprovalRuleConfig rule =
                new ApprovalRuleConfig(Util.fixNull(sent.name()).isBlank() ? before.getName() : sent.name());
        boolean others = sent.isSet() || sent.approvers() != null;
        rule.setApprovers(others ? approversOf(sent, field, numbers) : before.getApprovers());
        rule.setRequiredApprovals(
                sent.requiredApprovals() == null ? before.getRequiredApprovals() : sent.requiredApprovals());
        return rule;
    }

    private static List<ApproverConfig> approversOf(Rule sent, String field, KnownNumbers numbers) {
        if (sent.approvers() == null) {
            return List.of(ApproverJson.toConfig(sent, field, numbers));
        } else if (sent.isSet()) {
            throw ApiException.badRequest(Messages.ApproverJson_NotOne(field));
        }
        return approvers(sent.approvers(), field + ".approvers", numbers);
    }

    private static List<ApproverConfig> approvers(List<ApproverJson.Plain> sent, String field, KnownNumbers numbers) {
        List<ApproverConfig> approvers = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            String place = field + "[" + i + "]";
            approvers.add(ApproverJson.toConfig(element(sent.get(i), place), place, numbers));
        }
        return approvers;
    }

    /** GitLab's rules have no name. The rule gets the name of its approver, with a number if that name is taken. */
    private static String unusedName(List<ApproverConfig> approvers, List<ApprovalRuleConfig> others) {
        String title = approvers.isEmpty()
                ? Messages.ProtectedEnvironmentChange_Rule()
                : ApproverJson.of(approvers.get(0)).title();
        String name = title;
        for (int number = 2; isTaken(name, others); number++) {
            name = title + " " + number;
        }
        return name;
    }

    private static boolean isTaken(String name, List<ApprovalRuleConfig> others) {
        return others.stream().anyMatch(rule -> rule.getName().equals(name));
    }

    private static <T> T element(T element, String field) {
        if (element == null) {
            throw ApiException.badRequest(Messages.Json_Invalid(field));
        }
        return element;
    }

    private static int indexOf(Long id, List<Long> ids, String field) {
        if (id == null) {
            return -1;
        }
        return NumericIds.only(
                        id,
                        IntStream.range(0, ids.size())
                                .boxed()
                                .filter(i -> ids.get(i).equals(id)))
                .orElseThrow(() -> ApiException.unprocessable(Messages.ProtectedEnvironmentChange_NoSuchId(field)));
    }

    private static void remove(List<?> elements, List<Long> ids, int at, String field) {
        if (at < 0) {
            throw ApiException.badRequest(Messages.ProtectedEnvironmentChange_IdMissing(field));
        }
        elements.remove(at);
        ids.remove(at);
    }
}
