package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.DeployAccess;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Small worlds of people, groups and rules: few enough that they collide all the time. */
public class Policies extends DomainContextBase {

    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** Policy, requesters and votes that belong together. */
    record Case(EnvironmentPolicy policy, DeploymentRequest request, List<Approval> votes) {
        Tally tally() {
            return Tally.of(policy, request, votes);
        }

        Deployment blocked() {
            return Deployment.created(7, 1, request, policy, NOON).evaluate(policy, Rivals.NONE, NOON);
        }

        boolean mayVote(Voter voter) {
            return !policy.separation().excludes(request, voter.id());
        }

        /** Also while the authors of the changes are looked up. */
        boolean mayReject(Voter voter) {
            return !policy.separation().isOwn(request, voter.id())
                    && !policy.separation().isAuthor(request, voter.id());
        }
    }

    public static Deployment blocked(EnvironmentPolicy policy, List<String> requesters) {
        return Deployment.created(7, 1, request(requesters, Optional.empty()), policy, NOON)
                .evaluate(policy, Rivals.NONE, NOON);
    }

    public static DeploymentRequest request(List<String> requesters, Optional<Authors> authors) {
        return new DeploymentRequest(
                "production", origin(requesters), authors, DeploymentDescription.NONE, Optional.empty());
    }

    /** @return the ending of a deployment whose build somebody aborted */
    public static Ending aborted(String user) {
        return Ending.canceled(EndReason.BUILD_ABORTED, user, "Aborted by " + user);
    }

    /** @return the origin of a build that these people caused, or a timer if there are none */
    public static RequestOrigin origin(List<String> requesters) {
        return new RequestOrigin(requesters, requesters.isEmpty(), List.of());
    }

    public static EnvironmentPolicy rules(ApprovalRule... rules) {
        return EnvironmentPolicy.of(List.of(rules));
    }

    public static EnvironmentPolicy with(SeparationOfDuties separation, EnvironmentPolicy policy) {
        return new EnvironmentPolicy(
                policy.rules(),
                policy.access(),
                separation,
                policy.commentRequired(),
                policy.timing(),
                policy.turns(),
                List.of());
    }

    public static EnvironmentPolicy with(Timing timing, EnvironmentPolicy policy) {
        return new EnvironmentPolicy(
                policy.rules(),
                policy.access(),
                policy.separation(),
                policy.commentRequired(),
                timing,
                TurnRules.NONE,
                List.of());
    }

    public static EnvironmentPolicy withComment(VoteDecision decision, EnvironmentPolicy policy) {
        return new EnvironmentPolicy(
                policy.rules(),
                policy.access(),
                policy.separation(),
                Set.of(decision),
                policy.timing(),
                policy.turns(),
                List.of());
    }

    public static EnvironmentPolicy with(DeployAccess access, EnvironmentPolicy policy) {
        return new EnvironmentPolicy(
                policy.rules(),
                access,
                policy.separation(),
                policy.commentRequired(),
                policy.timing(),
                policy.turns(),
                List.of());
    }

    public static EnvironmentPolicy policy(int required, String... users) {
        List<Approver> approvers =
                Stream.of(users).<Approver>map(Approver.User::new).toList();
        return rules(new ApprovalRule("production", required, approvers));
    }

    public static Approver user(String id) {
        return new Approver.User(id);
    }

    public static Voter voter(String id) {
        return new Voter(id, Set.of(), false, Set.of());
    }

    @Provide
    public static Arbitrary<Voter> voters() {
        return Combinators.combine(
                        Arbitraries.of("u0", "u1", "u2", "u3", "u4", "u5"),
                        Arbitraries.of("g0", "g1", "g2").set().ofMaxSize(3),
                        Arbitraries.of(true, false),
                        Arbitraries.of(AccessLevel.class).set().ofMaxSize(2))
                .as(Voter::new);
    }

    @Provide
    public static Arbitrary<EnvironmentPolicy> policies() {
        Arbitrary<Approver> approvers = Arbitraries.of(
                new Approver.User("u0"),
                new Approver.User("u1"),
                new Approver.User("u2"),
                new Approver.Group("g0"),
                new Approver.Group("g1"),
                new Approver.Level(AccessLevel.MAINTAINER),
                new Approver.PermissionHolders());
        Arbitrary<ApprovalRule> rules = Combinators.combine(
                        Arbitraries.of("r0", "r1", "r2"),
                        Arbitraries.integers().between(0, 3),
                        approvers.list().ofMaxSize(4))
                .as(ApprovalRule::new);
        return Combinators.combine(
                        rules.list().uniqueElements(ApprovalRule::name).ofMaxSize(3),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((list, self, authors) -> with(new SeparationOfDuties(self, authors), EnvironmentPolicy.of(list)));
    }

    @Provide
    public static Arbitrary<Approval> votes() {
        return Combinators.combine(
                        voters(),
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.just(VoteDecision.APPROVED)),
                                Tuple.of(1, Arbitraries.just(VoteDecision.REJECTED))),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of("r0", "r1", "r2", "gone").optional(0.4))
                .as((voter, decision, second, rule) ->
                        new Approval(voter, decision, "", NOON.plusSeconds(second), rule));
    }

    @Provide
    public static Arbitrary<Case> cases() {
        return Combinators.combine(
                        policies(),
                        Arbitraries.of("u0", "u3").list().uniqueElements().ofMaxSize(2),
                        Arbitraries.of("u1", "u3")
                                .list()
                                .uniqueElements()
                                .ofMaxSize(2)
                                .map(people -> new Authors(people, people.size() == 1))
                                .optional(),
                        votes().list().ofMaxSize(9))
                .as((policy, requesters, authors, votes) ->
                        new Case(policy, request(requesters, authors), onePerPerson(votes)));
    }

    /** What a deployment can hold: a person has one vote on it. */
    private static List<Approval> onePerPerson(List<Approval> votes) {
        Map<String, Approval> byVoter = new LinkedHashMap<>();
        votes.forEach(vote -> byVoter.putIfAbsent(vote.voter().id(), vote));
        return new ArrayList<>(byVoter.values());
    }
}
