package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.approval.DeploymentStanding;
import io.jenkins.plugins.deploymentgate.approval.Wording;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.search.DeploymentDetails;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jenkins.scm.api.SCMHead;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A deployment, as GitLab shows one.
 *
 * @param iid its number within the job
 * @param ref the branch; null if the job has none
 * @param sha the commit; null if it is not known
 * @param user the nearest requester; null if none is known
 * @param requesters everybody who is known to have caused the build, the nearest first
 * @param requestersComplete whether these are certain to be all; if not, {@code origin} has what is not known
 * @param origin what else caused the build
 * @param requiredApprovalCount how many approvals are still needed; 0 unless it is blocked
 * @param pendingApprovalCount the same, under GitLab's later name
 * @param failureReason why it failed without its build having failed; null otherwise
 * @param reason why it failed or was canceled; null if it did not, or the result of its build says it
 * @param canceledBy who canceled it; null if nobody did
 * @param reasonText what Jenkins says of the cause of a cancellation, or why the environment did not accept it; null if nothing
 * @param reasonDeployment the deployment of another build because of which it was canceled; null if there is none
 * @param place the stages, parallel branches and matrix cells around its step, the outermost first
 * @param deadline when it fails unless it has gone on before; null if never
 * @param waitingFor what an approved deployment waits for; null unless it is blocked and needs no more approvals
 * @param allowOlder whether its pipeline allows that it is older than what is deployed
 * @param rollbackFrom the deployment of a newer build that it takes back for that reason; null if there is none
 * @param override who put the policy aside; null if nobody did
 */
@Restricted(NoExternalUse.class)
public record DeploymentJson(
        long id,
        int iid,
        String ref,
        String sha,
        Instant createdAt,
        Instant updatedAt,
        String status,
        String failureReason,
        String reason,
        UserJson canceledBy,
        String reasonText,
        DeploymentLinkJson reasonDeployment,
        UserJson user,
        List<UserJson> requesters,
        boolean requestersComplete,
        OriginJson origin,
        EnvironmentJson environment,
        BuildJson deployable,
        List<PlaceJson> place,
        int requiredApprovalCount,
        int pendingApprovalCount,
        List<ApprovalJson> approvals,
        ApprovalSummaryJson approvalSummary,
        Instant deadline,
        WaitingJson waitingFor,
        boolean allowOlder,
        DeploymentLinkJson rollbackFrom,
        OverrideJson override) {

    /** A block of the pipeline around the step. */
    record PlaceJson(String kind, String name) {}

    /**
     * What an approved deployment waits for.
     *
     * @param until the end of its wait or of a freeze; null if it waits for its turn
     * @param turn whether it waits for its turn
     * @param deployment the deployment that it waits for; null if the caller may not know of it
     */
    record WaitingJson(Instant until, boolean turn, DeploymentLinkJson deployment) {

        static WaitingJson of(DeploymentDetails details, String root) {
            Decision decision = details.standing().decision();
            if (details.deployment().status() != Status.BLOCKED) {
                return null;
            } else if (decision instanceof Decision.Held held) {
                return new WaitingJson(held.until(), false, null);
            }
            return decision instanceof Decision.Queued
                    ? new WaitingJson(
                            null,
                            true,
                            DeploymentLinkJson.of(details.standing().related().behind(), root))
                    : null;
        }
    }

    /** Somebody has released or stopped it in spite of the policy. */
    record OverrideJson(UserJson user, String status, Instant createdAt, String reason) {

        public static OverrideJson of(PolicyOverride override, String root) {
            return new OverrideJson(
                    UserJson.of(override.user(), root), override.decision().word(), override.at(), override.reason());
        }
    }

    public static DeploymentJson of(DeploymentDetails details, String root) {
        Deployment deployment = details.deployment();
        Job<?, ?> job = details.job();
        String ref = Optional.ofNullable(SCMHead.HeadByItem.findHead(job))
                .map(SCMHead::getName)
                .orElse(null);
        UserJson requester =
                deployment.requester().map(id -> UserJson.of(id, root)).orElse(null);
        RequestOrigin origin = deployment.request().origin();
        PipelinePlace place = deployment.request().place();
        Optional<Ending> ending = deployment.ending();
        String reason = ending.map(one -> one.reason().word()).orElse(null);
        DeploymentStanding standing = details.standing();
        int outstanding = standing.outstanding();
        return new DeploymentJson(
                deployment.id(),
                deployment.iid(),
                ref,
                details.build().commit().orElse(null),
                deployment.createdAt(),
                deployment.times().updatedAt(),
                deployment.status().word(),
                deployment.status() == Status.FAILED ? reason : null,
                reason,
                ending.map(Ending::user)
                        .filter(user -> !user.isEmpty())
                        .map(user -> UserJson.of(user, root))
                        .orElse(null),
                ending.map(Ending::text)
                        .filter(text -> !text.isEmpty())
                        .or(() -> Wording.whyForbidden(deployment, Locale.ENGLISH))
                        .orElse(null),
                DeploymentLinkJson.of(standing.related().canceledBy(), root),
                requester,
                deployment.requesters().stream()
                        .map(id -> UserJson.of(id, root))
                        .toList(),
                origin.isComplete(),
                OriginJson.of(job, origin, root),
                EnvironmentJson.of(ProjectShape.projectOf(job), deployment.environment()),
                BuildJson.of(details, ref, requester, root),
                place.enclosing().stream()
                        .map(block -> new PlaceJson(block.kind().toString(), block.name()))
                        .toList(),
                outstanding,
                outstanding,
                deployment.approvals().stream()
                        .map(approval -> ApprovalJson.of(approval, root))
                        .toList(),
                ApprovalSummaryJson.of(standing.tally(), root),
                deployment.times().deadline().orElse(null),
                WaitingJson.of(details, root),
                deployment.request().allowOlder(),
                DeploymentLinkJson.of(standing.related().rollbackFrom(), root),
                deployment
                        .history()
                        .override()
                        .map(one -> OverrideJson.of(one, root))
                        .orElse(null));
    }

    /**
     * What caused the build of a deployment, beside the people who are its requesters.
     *
     * @param automated whether automation caused it, alone or beside people
     * @param unknown causes behind which there may be further people
     * @param replay which build it replays; null if it is no replay
     */
    record OriginJson(boolean automated, List<String> unknown, ReplayJson replay) {

        /**
         * The build replays another one, directly or through further replays and restarts from a stage.
         *
         * @param original the number of that build, of the same job
         * @param script whether it runs the same script: {@code same}, {@code changed} or {@code unknown}
         * @param diffUrl the page with the difference
         */
        record ReplayJson(int original, String script, String diffUrl) {}

        static OriginJson of(Job<?, ?> job, RequestOrigin origin, String root) {
            return new OriginJson(
                    origin.automated(),
                    origin.unknown(),
                    origin.replay()
                            .map(replay -> new ReplayJson(
                                    replay.original(),
                                    replay.script().toString(),
                                    root + job.getUrl() + replay.build() + "/replay/diff"))
                            .orElse(null));
        }
    }

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
}
