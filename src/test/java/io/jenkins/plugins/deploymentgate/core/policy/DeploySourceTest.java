package io.jenkins.plugins.deploymentgate.core.policy;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.origin;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.policy.DeploySource.Kind;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From where builds may deploy. */
class DeploySourceTest {

    private static final Pattern MAIN = new Pattern(Kind.BRANCH, "main");
    private static final Pattern RELEASES = new Pattern(Kind.TAG, "v*");

    private static DeployAccess from(Pattern... patterns) {
        return new DeployAccess(List.of(), List.of(List.of(patterns)), true, false);
    }

    private static DeploySource source(Kind kind, String name) {
        return new DeploySource(kind, name);
    }

    private static Kind kind(String word) {
        return Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            branch,       main,          branch,       main,            true
            branch,       main,          branch,       Main,            false
            branch,       main,          branch,       mainline,        false
            branch,       main,          tag,          main,            false
            branch,       main,          pull_request, main,            false
            branch,       main,          job,          main,            false
            branch,       main,          other,        main,            false
            branch,       *,             branch,       feature/a@b#1,   true
            branch,       *,             pull_request, PR-1,            false
            branch,       *,             other,        x,               false
            branch,       release/*,     branch,       release/1/2,     true
            branch,       release/*,     branch,       release,         false
            tag,          v*,            tag,          v1.2,            true
            tag,          v*,            branch,       v1.2,            false
            pull_request, *,             pull_request, PR-1,            true
            pull_request, *,             branch,       PR-1,            false
            job,          shop/*,        job,          shop/a/b,        true
            job,          shop/web,      job,          shop/web,        true
            job,          web,           job,          shop/web,        false
            job,          *,             branch,       main,            false
            job,          *,             other,        shop/web/main,   false
            """)
    void aPatternAdmitsItsOwnKindByName(String kind, String text, String other, String name, boolean admitted) {
        Pattern pattern = new Pattern(kind(kind), text);
        assertEquals(admitted, pattern.admits(source(kind(other), name)));
    }

    @Test
    void noPatternCanAdmitWhatIsNotKnown() {
        assertThrows(IllegalArgumentException.class, () -> new Pattern(Kind.OTHER, "*"));
        assertThrows(IllegalArgumentException.class, () -> new Pattern(Kind.BRANCH, ""));
        assertThrows(IllegalArgumentException.class, () -> from(), "a list that admits nothing");
    }

    @Test
    void theRefusalNamesTheSourceAndTheListsThatDoNotAdmitIt() {
        EnvironmentPolicy both = with(from(MAIN, RELEASES), policy(1, "bob"))
                .and(with(from(new Pattern(Kind.BRANCH, "*")), EnvironmentPolicy.of(List.of())));
        assertEquals(Optional.empty(), refusal(both, source(Kind.BRANCH, "main")));
        DeploySource feature = source(Kind.BRANCH, "feature");
        assertEquals(
                Optional.of(new DeployRefusal.WrongSource(feature, List.of(List.of(MAIN, RELEASES)))),
                refusal(both, feature));
        DeploySource job = source(Kind.JOB, "web");
        assertEquals(
                Optional.of(new DeployRefusal.WrongSource(
                        job, List.of(List.of(MAIN, RELEASES), List.of(new Pattern(Kind.BRANCH, "*"))))),
                refusal(both, job));
        assertEquals(Optional.empty(), refusal(policy(1, "bob"), job), "no list admits everything");
    }

    private static Optional<DeployRefusal> refusal(EnvironmentPolicy policy, DeploySource source) {
        return policy.deployRefusal(source, origin(List.of("alice")), List.of(voter("alice")));
    }

    @Provide
    Arbitrary<Pattern> patterns() {
        return Combinators.combine(
                        Arbitraries.of(Kind.BRANCH, Kind.TAG, Kind.PULL_REQUEST, Kind.JOB),
                        Arbitraries.of("*", "a", "a*", "*b", "ab", "a*b"))
                .as(Pattern::new);
    }

    @Provide
    Arbitrary<DeployAccess> accesses() {
        return patterns()
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .list()
                .ofMaxSize(2)
                .map(lists -> new DeployAccess(List.of(), lists, true, false));
    }

    @Provide
    Arbitrary<DeploySource> sources() {
        return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.of("a", "b", "ab", "axb", "ba", "x"))
                .as(DeploySource::new);
    }

    @Property
    void whatAppliesTogetherAdmitsWhatEachAdmits(
            @ForAll("accesses") DeployAccess wide,
            @ForAll("accesses") DeployAccess narrow,
            @ForAll("sources") DeploySource source) {
        DeployAccess both = wide.and(narrow);
        assertEquals(wide.admits(source) && narrow.admits(source), both.admits(source));
        assertEquals(both.admits(source), narrow.and(wide).admits(source));
        assertEquals(
                Stream.concat(wide.refusing(source).stream(), narrow.refusing(source).stream())
                        .toList(),
                both.refusing(source));
    }

    @Property
    void whatIsNotKnownIsAdmittedOnlyWhereNothingIsRequired(@ForAll("accesses") DeployAccess access) {
        assertEquals(access.sources().isEmpty(), access.admits(source(Kind.OTHER, "a")));
    }

    @Test
    void aSourceIsWrittenForMachines() {
        assertEquals("pull_request PR-1", source(Kind.PULL_REQUEST, "PR-1").toString());
        assertEquals("tag v*", RELEASES.toString());
        assertFalse(from(MAIN).admits(source(Kind.TAG, "v1")));
        assertTrue(from(MAIN, RELEASES).admits(source(Kind.TAG, "v1")));
    }
}
