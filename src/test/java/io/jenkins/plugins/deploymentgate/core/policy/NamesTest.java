package io.jenkins.plugins.deploymentgate.core.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentName.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NamesTest {

    @Property
    void aPatternMatchesWhatTheSameRegularExpressionMatches(
            @ForAll @Chars({'a', 'b', '*'}) @StringLength(min = 1, max = 8) String pattern,
            @ForAll @Chars({'a', 'b'}) @StringLength(max = 8) String name) {
        String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        assertEquals(name.matches(regex), new NamePattern(pattern).matches(name), pattern + " on " + name);
    }

    @Test
    void aStarStandsForAnyNumberOfSegments() {
        NamePattern review = new NamePattern("review/*");
        assertTrue(review.matches("review/feature-1"));
        assertTrue(review.matches("review/a/b"));
        assertFalse(review.matches("reviews/a"));
        assertFalse(new NamePattern("production").matches("Production"));
        assertEquals("review/*", review.toString());
    }

    @Test
    void aPatternOfManyStarsIsStillFast() {
        String stars = "*a".repeat(120) + "b";
        assertFalse(new NamePattern(stars).matches("a".repeat(255)));
    }

    @Test
    void goodNamesAreAccepted() {
        for (String name : List.of("production", "review/feature-1", "eu west 1", "v1.2_rc", "Prüfung", "生产")) {
            assertEquals(Optional.empty(), EnvironmentName.problemOfName(name), name);
        }
    }

    @Test
    void badNamesAreToldApart() {
        Map<String, Problem> bad = new LinkedHashMap<>();
        bad.put(null, Problem.EMPTY);
        bad.put("  ", Problem.EMPTY);
        bad.put("x".repeat(256), Problem.TOO_LONG);
        bad.put(" production", Problem.UNTRIMMED);
        bad.put("production/", Problem.UNTRIMMED);
        bad.put("pro\nduction", Problem.ILLEGAL_CHARACTER);
        bad.put("<b>", Problem.ILLEGAL_CHARACTER);
        bad.put("review/*", Problem.PATTERN);
        bad.put("*/review", Problem.PATTERN);
        bad.forEach((name, problem) -> assertEquals(Optional.of(problem), EnvironmentName.problemOfName(name), name));
        assertEquals(Optional.empty(), EnvironmentName.problemOfPattern("review/*"));
        assertEquals(Optional.empty(), EnvironmentName.problemOfName("x".repeat(255)));
        assertThrows(IllegalArgumentException.class, () -> new NamePattern("<b>"));
    }

    @Test
    void everythingThatMatchesAppliesTogether() {
        ProtectedEnvironments environments = new ProtectedEnvironments(List.of(
                entry("prod*", named("prod*", 1, true, "look at the dashboard")),
                entry("production", named("production", 2, false, "ask ops")),
                entry("staging", named("staging", 0, true, "none"))));
        EnvironmentPolicy policy = environments.policyFor("production").orElseThrow();
        assertEquals(3, policy.requiredApprovals());
        assertFalse(policy.separation().selfApprovalAllowed());
        assertEquals(Set.of(), policy.commentRequired());
        assertEquals(List.of("look at the dashboard", "ask ops"), policy.instructions());
        assertEquals(1, environments.policyFor("prod-eu").orElseThrow().requiredApprovals());
        assertEquals(Optional.empty(), environments.policyFor("qa"));
        assertEquals(List.of("prod*", "production", "staging"), environments.names());
    }

    @Test
    void wordsAreGitLabs() {
        assertEquals(Optional.of(VoteDecision.APPROVED), VoteDecision.of("approved"));
        assertEquals(Optional.of(VoteDecision.REJECTED), VoteDecision.of("rejected"));
        assertEquals(Optional.empty(), VoteDecision.of("Approved"));
        assertEquals(Optional.empty(), VoteDecision.of(null));
        assertEquals("canceled", Status.CANCELED.word());
        assertEquals("canceled", Status.CANCELED.toString());
        assertEquals("approved", VoteDecision.APPROVED.toString());
        assertEquals("build_ended", EndReason.BUILD_ENDED.toString());
        assertEquals(40, AccessLevel.MAINTAINER.number());
        assertEquals("deployment_rejected", EndReason.DEPLOYMENT_REJECTED.word());
    }

    @Test
    void whatOnePolicyForbidsIsForbidden() {
        SeparationOfDuties all = new SeparationOfDuties(true, true);
        SeparationOfDuties noSelf = new SeparationOfDuties(false, true);
        SeparationOfDuties noAuthors = new SeparationOfDuties(true, false);
        assertEquals(all, all.and(all));
        assertEquals(noSelf, all.and(noSelf));
        assertEquals(noSelf, noSelf.and(all));
        assertEquals(noAuthors, all.and(noAuthors));
        assertEquals(noAuthors, noAuthors.and(all));
        assertEquals(new SeparationOfDuties(false, false), noSelf.and(noAuthors));
    }

    @Test
    void oneNameMayBeProtectedInSeveralScopes() {
        ProtectedEnvironments environments = new ProtectedEnvironments(List.of(
                entry("production", named("production", 1, true, "everywhere")),
                entry("production", named("team:production", 2, true, "in the team"))));
        EnvironmentPolicy policy = environments.policyFor("production").orElseThrow();
        assertEquals(3, policy.requiredApprovals());
        assertEquals(List.of("everywhere", "in the team"), policy.instructions());
        assertEquals(List.of("production"), environments.names(), "each name once");
    }

    private static ProtectedEnvironments.Entry entry(String name, EnvironmentPolicy policy) {
        return new ProtectedEnvironments.Entry(new NamePattern(name), policy);
    }

    private static EnvironmentPolicy named(String rule, int required, boolean self, String instructions) {
        return new EnvironmentPolicy(
                List.of(new ApprovalRule(rule, required, List.of())),
                DeployAccess.OPEN,
                new SeparationOfDuties(self, true),
                Set.of(),
                Timing.ANY,
                TurnRules.NONE,
                List.of(instructions));
    }
}
