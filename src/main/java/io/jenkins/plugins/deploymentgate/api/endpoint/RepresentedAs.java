package io.jenkins.plugins.deploymentgate.api.endpoint;

import io.jenkins.plugins.deploymentgate.api.json.Levels;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds the rule that a vote is for by the value that GitLab's clients send: the name of a user, group or access level
 * of the rule. The name of the rule itself is accepted too.
 */
final class RepresentedAs {

    private RepresentedAs() {}

    /**
     * @return the name of the rule: the one with this name; else the first that has this name within its environment or
     *     such an approver, preferably one that is open to the voter; else the value, which is the name of no rule
     */
    static String rule(DeploymentView view, String name) {
        List<ApprovalRule> rules = view.policy().rules();
        if (rules.stream().anyMatch(rule -> rule.name().equals(name))) {
            return name;
        }
        Predicate<ApprovalRule> meant = rule -> rule.name().endsWith(": " + name)
                || rule.approvers().stream().anyMatch(approver -> isCalled(approver, name));
        return rules.stream()
                .filter(meant.and(rule -> view.openRules().contains(rule.name())))
                .findFirst()
                .or(() -> rules.stream().filter(meant).findFirst())
                .map(ApprovalRule::name)
                .orElse(name);
    }

    private static boolean isCalled(Approver approver, String name) {
        if (approver instanceof Approver.User user) {
            return user.id().equals(Identities.user(name));
        } else if (approver instanceof Approver.Group group) {
            return group.name().equals(Identities.group(name));
        }
        return approver instanceof Approver.Level level
                && (Levels.describe(level.level()).equalsIgnoreCase(name)
                        || String.valueOf(level.level().number()).equals(name));
    }
}
