package io.jenkins.plugins.deploymentgate.config;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.DeployAccess;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.NamePattern;
import io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges what somebody has configured for an environment, and says the same in the words of the engine, where every
 * default has become a value.
 */
final class EnvironmentTranslation {

    private final ProtectedEnvironment configured;

    /** @param configured what somebody has typed, sensible or not */
    EnvironmentTranslation(ProtectedEnvironment configured) {
        this.configured = configured;
    }

    /** @return what is wrong with it, for people, naming the environment and the field; empty if it can be used */
    Optional<String> problem() {
        return at("name", FieldChecks.environmentName(configured.getName()))
                .or(() -> at("requiredApprovals", FieldChecks.environmentApprovals(configured.effectiveApprovals())))
                .or(() -> at(
                        "approvers",
                        ApproverConfig.problemOf(configured.getApprovers(), configured.effectiveApprovals())))
                .or(() -> at("deployAccess", ApproverConfig.problemOf(configured.getDeployAccess(), 0)))
                .or(() -> at("deployAccess", ApproverConfig.problemOf(approvers(), configured.effectiveApprovals())))
                .or(() -> at("deployFrom", DeploySourceConfig.problemOf(configured.getDeployFrom())))
                .or(() -> at("approvalRules", problemOfRules()))
                .or(() -> at("deadlineMinutes", FieldChecks.deadline(configured.getDeadlineMinutes())))
                .or(() -> at(
                        "waitMinutes",
                        FieldChecks.waitTime(configured.getWaitMinutes(), configured.getDeadlineMinutes())))
                .or(() -> at("freezeWindows", FreezeWindowConfig.problemOf(configured.getFreezeWindows())))
                .or(() -> at("instructions", FieldChecks.instructions(configured.getInstructions())))
                .map(problem -> Messages.ProtectedEnvironment_Problem(configured.getName(), problem));
    }

    /** Names the attribute as configuration as code does, so that whoever writes that finds the place. */
    private static Optional<String> at(String attribute, Optional<String> problem) {
        return problem.map(text -> attribute + ": " + text);
    }

    private Optional<String> problemOfRules() {
        Set<String> names = new HashSet<>();
        for (ApprovalRuleConfig rule : configured.getApprovalRules()) {
            Optional<String> problem = rule.problem();
            if (problem.isPresent()) {
                return problem;
            } else if (!names.add(rule.getName())) {
                return Optional.of(Messages.ApprovalRuleConfig_Duplicate(rule.getName()));
            }
        }
        return Optional.empty();
    }

    /**
     * @param scope the full name of the folder or job that has this; empty for the whole Jenkins
     * @return the engine's form of what {@link #problem} has found nothing wrong with
     */
    ProtectedEnvironments.Entry toEntry(String scope) {
        return new ProtectedEnvironments.Entry(
                new NamePattern(configured.getName()), toPolicy(scope, rulePrefix(scope) + configured.getName()));
    }

    /**
     * Makes the names of the rules of several scopes differ. No two scopes around one job have the same prefix, because the name
     * of each begins with the name of the one around it. And no rule of the whole Jenkins begins like this: there the first colon
     * is followed by a space, here by the name of an environment, which never begins with one.
     */
    private static String rulePrefix(String scope) {
        return scope.isEmpty() ? "" : scope.replace(':', '_') + ":";
    }

    private EnvironmentPolicy toPolicy(String scope, String ruleName) {
        String instructions = configured.getInstructions();
        return new EnvironmentPolicy(
                toRules(ruleName),
                toDeployAccess(),
                new SeparationOfDuties(configured.isAllowSelfApproval(), !configured.isPreventAuthorApproval()),
                commentRequired(),
                toTiming(),
                new TurnRules(
                        configured.isExclusive() ? Optional.of(scope) : Optional.empty(),
                        configured.getSupersede().rule(),
                        configured.isRefuseOutdated()),
                instructions.isEmpty() ? List.of() : List.of(instructions));
    }

    /** One rule of this name with the plain count and approvers, and the further rules, whose names begin with it. */
    private List<ApprovalRule> toRules(String ruleName) {
        List<ApprovalRule> rules = new ArrayList<>();
        rules.add(new ApprovalRule(ruleName, configured.effectiveApprovals(), ApproverConfig.toApprovers(approvers())));
        configured.getApprovalRules().forEach(rule -> rules.add(rule.toRule(ruleName)));
        return rules;
    }

    /** Who gives the plain count: those who are named for it, else those who may deploy. */
    private List<ApproverConfig> approvers() {
        return configured.getApprovers().isEmpty() ? configured.getDeployAccess() : configured.getApprovers();
    }

    private DeployAccess toDeployAccess() {
        List<ApproverConfig> people = configured.getDeployAccess();
        List<DeploySourceConfig> sources = configured.getDeployFrom();
        return new DeployAccess(
                people.isEmpty() ? List.of() : List.of(ApproverConfig.toApprovers(people)),
                sources.isEmpty() ? List.of() : List.of(DeploySourceConfig.toPatterns(sources)),
                configured.isAllowAutomated(),
                configured.isAllowUnknownRequesters());
    }

    private Set<VoteDecision> commentRequired() {
        Set<VoteDecision> required = EnumSet.noneOf(VoteDecision.class);
        if (configured.isCommentToApprove()) {
            required.add(VoteDecision.APPROVED);
        }
        if (configured.isCommentToReject()) {
            required.add(VoteDecision.REJECTED);
        }
        return required;
    }

    private Timing toTiming() {
        Integer deadline = configured.getDeadlineMinutes();
        Integer wait = configured.getWaitMinutes();
        return new Timing(
                Optional.of(Duration.ofMinutes(deadline == null ? FieldChecks.DEFAULT_DEADLINE_MINUTES : deadline)),
                Duration.ofMinutes(wait == null ? 0 : wait),
                configured.getFreezeWindows().stream()
                        .map(FreezeWindowConfig::toWindow)
                        .toList());
    }
}
