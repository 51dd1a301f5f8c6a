package io.jenkins.plugins.deploymentgate.api.endpoint;

import io.jenkins.plugins.deploymentgate.api.json.Levels;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds the rule that a vote is for by what GitLab's clients say: the name of a user, group or access level that the rule
 * is for. With us rules have names, too.
 */
final class RepresentedAs {

    private RepresentedAs() {}

    /**
     * @param view the deployment, as the voter sees it
     * @param name what they say
     * @return the name of the rule: the one that is called so; else the first that would take their vote among those that
     *     are called so within their environment, or have such an approver; else what they said, which no rule is called
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
