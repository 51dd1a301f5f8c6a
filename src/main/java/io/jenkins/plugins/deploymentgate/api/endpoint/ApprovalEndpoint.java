package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.http.ApiRequest;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import io.jenkins.plugins.deploymentgate.api.json.ApprovalJson;
import io.jenkins.plugins.deploymentgate.api.json.Levels;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * {@code POST /projects/:id/deployments/:deployment_id/approval}: votes. {@link ApprovalService} checks permissions.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ApprovalEndpoint implements Endpoint {

    @Override
    public void addTo(Router router) {
        router.add("POST", "/projects/{id}/deployments/{deployment_id}/approval", ApprovalEndpoint::vote);
    }

    /**
     * The request body.
     *
     * @param status approved or rejected
     * @param comment null if there is none
     * @param representedAs what names a rule; null for any that needs it
     */
    public record Vote(String status, String comment, String representedAs) {}

    private static Reply vote(ApiRequest request) throws IOException {
        Run<?, ?> build = DeploymentEndpoints.build(request);
        long id = DeploymentEndpoints.id(request);
        Vote vote = request.body(Vote.class);
        if (Util.fixEmpty(vote.status()) == null) {
            throw ApiException.badRequest(Messages.ApprovalEndpoint_NoStatus());
        }
        VoteDecision decision = VoteDecision.of(vote.status())
                .orElseThrow(() -> ApiException.badRequest(Messages.Query_Invalid("status")));
        Optional<String> rule = Optional.empty();
        if (Util.fixEmpty(vote.representedAs()) != null) {
            DeploymentView view =
                    DeploymentViews.get().view(build, id).orElseThrow(() -> ApiException.notFound("Deployment"));
            rule = Optional.of(rule(view, vote.representedAs()));
        }
        try {
            return answer(request, ApprovalService.get().vote(build, id, decision, Util.fixNull(vote.comment()), rule));
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(e.getMessage());
        }
    }

    private static Reply answer(ApiRequest request, VoteResult result) {
        if (result instanceof VoteResult.Recorded recorded) {
            return Reply.created(ApprovalJson.of((Approval) recorded.action(), request.root()));
        }
        VoteResult.Refused refused = (VoteResult.Refused) result;
        if (refused.why() == DenialReason.ANONYMOUS) {
            throw ApiException.unauthorized(Messages.Api_LogIn());
        }
        throw switch (refused.why().kind()) {
            case INCOMPLETE -> ApiException.badRequest(refused.message());
            case FORBIDDEN -> ApiException.forbidden(refused.message());
            case CONFLICT -> ApiException.conflict(refused.message());
        };
    }

    /**
     * Finds the rule that a vote is for by the value that GitLab's clients send: the name of a user, group or access level
     * of the rule. The name of the rule itself is accepted too.
     *
     * @return the name of the rule: the one with this name; else the first that has this name within its environment or
     *     such an approver, preferably one that is open to the voter; else the value, which is the name of no rule
     */
    private static String rule(DeploymentView view, String name) {
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
