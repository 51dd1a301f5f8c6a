package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;

import io.jenkins.plugins.deploymentgate.core.deployment.Rivals.Rival;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules.Supersede;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds that deploy, in memory: evaluates deployments one after the other, as the life cycle does. */
final class TurnWorld {

    private final Map<Long, Rival> deployments = new LinkedHashMap<>();
    private Instant now = NOON;

    static TurnRules exclusive(String scope) {
        return new TurnRules(Optional.of(scope), Supersede.NEVER, false);
    }

    static TurnRules superseding(Supersede when) {
        return new TurnRules(Optional.empty(), when, false);
    }

    static EnvironmentPolicy policy(int approvals, TurnRules turns) {
        EnvironmentPolicy plain = Policies.policy(approvals, "bob");
        return new EnvironmentPolicy(
                plain.rules(),
                plain.access(),
                plain.separation(),
                plain.commentRequired(),
                plain.timing(),
                turns,
                List.of());
    }

    /** The place of a step with a body, in a branch of its pipeline and in the bodies of other deployments. */
    static PipelinePlace body(String branch, Long... within) {
        return new PipelinePlace(
                "7", List.of(new PipelinePlace.Enclosing(PipelinePlace.Kind.BRANCH, branch)), true, List.of(within));
    }

    /** A build reaches its gate. */
    long open(String job, int build, String environment, EnvironmentPolicy policy, PipelinePlace place) {
        return open(job, build, environment, policy, place, false);
    }

    long open(
            String job,
            int build,
            String environment,
            EnvironmentPolicy policy,
            PipelinePlace place,
            boolean allowOlder) {
        long id = deployments.size() + 1L;
        DeploymentRequest request = new DeploymentRequest(
                environment,
                Policies.origin(List.of("alice")),
                Optional.empty(),
                DeploymentDescription.NONE,
                Optional.empty(),
                place,
                allowOlder,
                Optional.empty());
        now = now.plusSeconds(1);
        Deployment created = Deployment.created(id, 1, request, policy, now);
        deployments.put(id, new Rival(job, build, created));
        evaluate(id);
        return id;
    }

    int opened() {
        return deployments.size();
    }

    Rival rival(long id) {
        return deployments.get(id);
    }

    Deployment get(long id) {
        return rival(id).deployment();
    }

    List<Rival> living() {
        return deployments.values().stream()
                .filter(rival -> !rival.deployment().status().isFinal())
                .toList();
    }

    Rivals rivals(long id, Optional<DeploymentReference> newer) {
        Rival self = rival(id);
        return new Rivals(self.job(), self.build(), true, living(), newer);
    }

    Decision decide(long id) {
        return Decision.of(get(id), get(id).policy(), rivals(id, Optional.empty()), now);
    }

    void evaluate(long id) {
        now = now.plusSeconds(1);
        put(id, get(id).evaluate(get(id).policy(), rivals(id, Optional.empty()), now));
    }

    /** What follows from a change: those who wait are evaluated, the longest waiting first. */
    void settle() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Rival rival : living()) {
                Deployment before = rival.deployment();
                if (before.status() == Status.BLOCKED) {
                    evaluate(before.id());
                    changed |= get(before.id()).status() != Status.BLOCKED;
                }
            }
        }
    }

    void approve(long id) {
        now = now.plusSeconds(1);
        put(id, cast(id, VoteDecision.APPROVED));
    }

    void reject(long id) {
        now = now.plusSeconds(1);
        put(id, cast(id, VoteDecision.REJECTED));
    }

    private Deployment cast(long id, VoteDecision decision) {
        VoteOutcome outcome = VoteOutcome.cast(
                get(id),
                get(id).policy(),
                rivals(id, Optional.empty()),
                Policies.voter("bob"),
                decision,
                "",
                Optional.empty(),
                now);
        return ((VoteOutcome.Accepted) outcome).following();
    }

    void override(long id, VoteDecision decision) {
        now = now.plusSeconds(1);
        VoteOutcome outcome = VoteOutcome.override(
                get(id), get(id).policy(), rivals(id, Optional.empty()), "root", decision, "must", now);
        put(id, ((VoteOutcome.Accepted) outcome).following());
    }

    void finish(long id) {
        now = now.plusSeconds(1);
        put(id, get(id).finish(Status.SUCCESS, now));
    }

    void put(long id, Deployment following) {
        deployments.put(id, new Rival(rival(id).job(), rival(id).build(), following));
    }
}
