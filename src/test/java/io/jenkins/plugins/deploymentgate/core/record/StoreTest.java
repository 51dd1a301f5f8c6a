package io.jenkins.plugins.deploymentgate.core.record;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Rivals;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.DeployAccess;
import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and numbers, without Jenkins. */
class StoreTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    @TempDir
    private Path build;

    private final DeploymentStore store = new DeploymentStore();

    private static final List<List<DeploySource.Pattern>> SOURCES = List.of(
            List.of(
                    new DeploySource.Pattern(DeploySource.Kind.BRANCH, "release/*"),
                    new DeploySource.Pattern(DeploySource.Kind.PULL_REQUEST, "*")),
            List.of(new DeploySource.Pattern(DeploySource.Kind.JOB, "shop/web")));

    private static Deployment created() {
        EnvironmentPolicy policy = new EnvironmentPolicy(
                List.of(new ApprovalRule(
                        "production",
                        2,
                        List.of(
                                new Approver.User("bob"),
                                new Approver.Group("release managers"),
                                new Approver.Level(AccessLevel.MAINTAINER),
                                new Approver.PermissionHolders()))),
                new DeployAccess(
                        List.of(List.of(new Approver.User("alice"), new Approver.User("zoe"))), SOURCES, false, true),
                new SeparationOfDuties(true, false),
                Set.of(VoteDecision.REJECTED, VoteDecision.APPROVED),
                new Timing(
                        Optional.of(Duration.ofDays(3)),
                        Duration.ofMinutes(5),
                        List.of(
                                new FreezeWindow.Weekly(
                                        DayOfWeek.FRIDAY,
                                        LocalTime.of(18, 30),
                                        DayOfWeek.MONDAY,
                                        LocalTime.of(6, 0),
                                        ZoneId.of("Europe/Berlin")),
                                new FreezeWindow.Dated(
                                        LocalDateTime.parse("2026-12-20T18:00"),
                                        LocalDateTime.parse("2027-01-02T06:00"),
                                        ZoneId.of("UTC")))),
                TurnRules.NONE,
                List.of("look at the dashboard"));
        DeploymentRequest request = new DeploymentRequest(
                "production",
                new RequestOrigin(
                        List.of("alice", "zoe"),
                        true,
                        List.of("RemoteCause: Started by remote host 192.0.2.7"),
                        Optional.of(new RequestOrigin.Replay(4, 6, RequestOrigin.Script.CHANGED))),
                Optional.of(new Authors(List.of("dave"), false, Map.of("dave", "1a2b3c"))),
                new DeploymentDescription("Ünïcode <b>\n2", "1.4.2", "https://example.com/notes"),
                Optional.of(Duration.ofHours(2)),
                new PipelinePlace(
                        "12",
                        List.of(
                                new PipelinePlace.Enclosing(PipelinePlace.Kind.STAGE, "Deploy"),
                                new PipelinePlace.Enclosing(PipelinePlace.Kind.CELL, "REGION = 'eu'"))),
                false,
                Optional.empty());
        return Deployment.created(1234, 5, request, policy, NOON);
    }

    private static Deployment blocked() {
        Deployment created = created();
        return created.evaluate(created.policy(), Rivals.NONE, NOON);
    }

    private static Deployment voted() {
        return voted(Optional.empty());
    }

    private static Deployment chosen() {
        return voted(Optional.of("production"));
    }

    private static Deployment voted(Optional<String> rule) {
        Deployment blocked = blocked();
        Voter bob = new Voter("bob", Set.of("release managers", "staff"), true, Set.of(AccessLevel.DEVELOPER));
        return ((VoteOutcome.Accepted) VoteOutcome.cast(
                        blocked,
                        blocked.policy(),
                        Rivals.NONE,
                        bob,
                        VoteDecision.APPROVED,
                        "fine \"so far\"",
                        rule,
                        NOON.plusSeconds(9)))
                .following();
    }

    private static Deployment withdrawn() {
        return ((VoteOutcome.Accepted) VoteOutcome.withdraw(voted(), "bob", NOON.plusSeconds(10))).following();
    }

    private static Deployment overridden() {
        return ((VoteOutcome.Accepted) VoteOutcome.override(
                        voted(),
                        voted().policy(),
                        Rivals.NONE,
                        "root",
                        VoteDecision.APPROVED,
                        "fire",
                        NOON.plusSeconds(11)))
                .following();
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        for (Deployment deployment : List.of(
                blocked(),
                blocked().anchor(),
                voted(),
                withdrawn(),
                overridden(),
                blocked().expire(NOON.plusSeconds(7200)),
                created().forbid(new DeployRefusal.NoAccess(List.of("zoe")), NOON),
                created().forbid(new DeployRefusal.Automated(), NOON),
                created()
                        .forbid(
                                new DeployRefusal.WrongSource(
                                        new DeploySource(DeploySource.Kind.OTHER, "shop/app/x"), SOURCES),
                                NOON),
                created().forbid(new DeployRefusal.UnknownRequesters(List.of("RemoteCause", "a lost replay")), NOON),
                chosen(),
                voted().cancel(Ending.canceled(EndReason.BUILD_ABORTED, "eve", "Aborted by Eve"), NOON.plusSeconds(10)),
                voted().cancel(Ending.canceled(EndReason.BUILD_ENDED, "", ""), NOON.plusSeconds(10)))) {
            store.write(build.toFile(), deployment);
            assertEquals(Optional.of(deployment), store.read(build.toFile(), 1234));
        }
        assertEquals(List.of(1234L), store.ids(build.toFile()));
    }

    @Test
    void theFileSpeaksGitLabsWords() throws Exception {
        store.write(build.toFile(), voted());
        String json = Files.readString(file());
        assertThat(json, containsString("\"format\" : 1"));
        assertThat(json, containsString("\"status\" : \"blocked\""));
        assertThat(json, containsString("\"status\" : \"approved\""));
        assertThat(json, containsString("\"created_at\" : \"2026-03-01T12:00:00.123456Z\""));
    }

    @Test
    void aBuildWithoutDeploymentsHasNone() throws Exception {
        assertEquals(List.of(), store.ids(build.toFile()));
        assertEquals(Optional.empty(), store.read(build.toFile(), 1));
    }

    @Test
    void filesOfOthersAreNotDeployments() throws Exception {
        store.write(build.toFile(), blocked());
        Files.writeString(file().resolveSibling("1234.json-atomic77tmp"), "left by a crash");
        Files.writeString(file().resolveSibling("notes.json"), "{}");
        assertEquals(List.of(1234L), store.ids(build.toFile()));
    }

    @Test
    void whetherTheJobHasEverDeployedIsKnownFromItsNumbers() throws Exception {
        Numbers numbers = numbers(Clock.systemUTC());
        assertEquals(false, numbers.hasIid(build));
        numbers.nextIid(build, () -> 0);
        assertEquals(true, numbers.hasIid(build));
    }

    @Test
    void aFileThatIsNotWhollyUnderstoodIsAnError() throws Exception {
        store.write(build.toFile(), voted());
        String good = Files.readString(file());
        for (String bad : List.of(
                "",
                "garbage",
                good.substring(0, good.length() / 2),
                good + "trailing",
                good.replace("\"format\" : 1", "\"format\" : 2"),
                good.replace("\"iid\"", "\"unheard_of\" : 1, \"iid\""),
                good.replace("\"blocked\"", "\"unblocked\""),
                good.replace("\"access_level\" : 40", "\"access_level\" : 41"),
                good.replace("\"access_level\" : 40", "\"access_level\" : 40, \"user\" : \"eve\""),
                good.replace("\"kind\" : \"branch\"", "\"kind\" : \"twig\""),
                good.replace("\"kind\" : \"branch\"", "\"kind\" : \"other\""),
                good.replace("\"kind\" : \"branch\",", ""),
                good.replace("\"user\" : \"bob\",\n", "\n"),
                good.replaceFirst("\"policy\" : ", "\"policy\" : null, \"x\" : "),
                good.replaceFirst("\"required_approvals\" : 2", "\"required_approvals\" : null"))) {
            Files.writeString(file(), bad);
            IOException error = assertThrows(IOException.class, () -> store.read(build.toFile(), 1234), bad);
            assertThat(error.getMessage(), containsString("1234.json cannot be read"));
            assertThat(error.getMessage(), not(containsString("so far")));
        }
        Files.writeString(file(), good);
        assertEquals(Optional.of(voted()), store.read(build.toFile(), 1234), "it heals when the file does");
    }

    @Test
    void aWriteThatFailsLeavesTheOldState() throws Exception {
        store.write(build.toFile(), blocked());
        Path moved = build.resolveSibling(build.getFileName() + "-moved");
        Files.move(build.resolve("deployment-gate"), moved);
        Files.writeString(build.resolve("deployment-gate"), "a file where the directory was");
        assertThrows(IOException.class, () -> store.write(build.toFile(), voted()));
        Files.delete(build.resolve("deployment-gate"));
        Files.move(moved, build.resolve("deployment-gate"));
        assertEquals(Optional.of(blocked()), store.read(build.toFile(), 1234));
    }

    private Path file() {
        return build.resolve("deployment-gate/1234.json");
    }

    private Numbers numbers(Clock clock) {
        return new Numbers(build.resolve("next-id"), clock);
    }

    @Test
    void idsIncreaseOverRestartsAndAgainstAClockThatIsSetBack() throws Exception {
        Clock noon = Clock.fixed(NOON, ZoneOffset.UTC);
        Numbers numbers = numbers(noon);
        long first = numbers.nextId();
        long second = numbers.nextId();
        assertEquals(first + 1, second);
        Numbers restarted = numbers(Clock.offset(noon, Duration.ofDays(-30)));
        assertEquals(first + 60_000 + 1, restarted.nextId(), "after all that was reserved");
        Numbers later = numbers(Clock.offset(noon, Duration.ofDays(1)));
        assertEquals(first + Duration.ofDays(1).toMillis(), later.nextId());
    }

    @Test
    void idsAreNotAssignedAgainAfterTheirFileIsLost() throws Exception {
        long before = numbers(Clock.fixed(NOON, ZoneOffset.UTC)).nextId();
        Files.delete(build.resolve("next-id"));
        long after = numbers(Clock.fixed(NOON.plusSeconds(1), ZoneOffset.UTC)).nextId();
        assertEquals(before + 1000, after);
    }

    @Test
    void aNumberThatCannotBeReadIsAnErrorAndNotOne() throws Exception {
        Files.writeString(build.resolve("nextDeploymentNumber"), "seven");
        Numbers numbers = numbers(Clock.systemUTC());
        assertThrows(IOException.class, () -> numbers.nextIid(build, () -> 0));
    }

    @Test
    void iidsCountFromOneAndContinueAfterTheRecordsIfTheirFileIsLost() throws Exception {
        Numbers numbers = numbers(Clock.systemUTC());
        assertEquals(1, numbers.nextIid(build, () -> 0));
        assertEquals(2, numbers.nextIid(build, () -> 40), "the file counts, as long as it is there");
        assertEquals(
                "3", Files.readString(build.resolve("nextDeploymentNumber")).strip());
        Files.delete(build.resolve("nextDeploymentNumber"));
        assertEquals(41, numbers.nextIid(build, () -> 40));
    }
}
