package io.jenkins.plugins.deploymentgate.core.ledger;

import static io.jenkins.plugins.deploymentgate.core.ledger.LedgerFixture.event;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing the audit ledger, with everything that can come in between. */
class LedgerTest {

    @TempDir
    private Path home;

    private LedgerFixture world;

    @BeforeEach
    void openLedger() {
        world = new LedgerFixture(home.resolve("deployment-gate/audit"));
    }

    @AfterEach
    void closeLedger() {
        world.close();
    }

    private static void assertSound(LedgerFixture world) throws IOException {
        assertEquals(Optional.empty(), world.verify().problem());
    }

    private List<Kind> damages() {
        return world.ledger.damages().stream().map(LedgerProblem::kind).toList();
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        LedgerEvent written = event("bob", "\"fine\",\nsays <b>Bob</b> 🚀 \u2028 =1+1\uD800");
        world.ledger.append(List.of(written, event("carol", "")));
        List<LedgerEntry> entries = world.entries();
        assertEquals(2, entries.size());
        assertEquals(1, entries.get(0).seq());
        assertEquals(LedgerFixture.MARCH, entries.get(0).recordedAt());
        assertEquals(written.origin(), entries.get(0).event().origin());
        assertEquals(
                written.comment().replace('\uD800', '?'), entries.get(0).event().comment());
        assertEquals(event("carol", ""), entries.get(1).event());
        assertEquals(2, world.text("2026-03").lines().count(), "an entry is a line, whatever is in it");
        assertEquals(1, world.forces);
        assertSound(world);
    }

    @Test
    void nothingIsWrittenBeforeSomethingHappens() throws Exception {
        assertEquals(new Ledger.Report(0, 0, Optional.empty()), world.verify());
        assertEquals(List.of(), world.ledger.months());
        assertEquals(List.of(), world.entries());
        assertTrue(Files.notExists(world.directory));
    }

    @Test
    void aLineNamesWhatAppliesAndNothingElse() throws Exception {
        world.append("bob");
        String line = world.text("2026-03");
        assertThat(
                line,
                containsString("{\"seq\":1,\"recorded_at\":\"2026-03-31T23:00:00.500Z\",\"event\":\"approved\","
                        + "\"event_id\":\"77/approved/bob/fine\",\"at\":\"2026-03-31T22:59:59.500Z\",\"user\":\"bob\","
                        + "\"means\":\"page\",\"address\":\"192.0.2.7\",\"environment\":\"production\","
                        + "\"item\":\"shop/deploy\",\"build\":12,\"deployment_id\":77,\"comment\":\"fine\","
                        + "\"details\":{\"rule\":\"quality\"},\"prev\":\"000"));
        world.ledger.append(List.of(event("", "")));
        assertThat(world.text("2026-03").lines().skip(1).findFirst().orElseThrow(), not(containsString("\"comment\"")));
    }

    @Test
    void eachMonthInUtcHasItsFileAndTheChainGoesOn() throws Exception {
        world.filled();
        assertEquals("[2026-03, 2026-04, 2026-06]", world.ledger.months().toString());
        assertEquals(List.of("a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3", "c1", "c2"), world.users());
        assertEquals(new Ledger.Report(3, 10, Optional.empty()), world.verify());
        assertEquals(new Ledger.Report(2, 5, Optional.empty()), world.verifyFrom("2026-04"));
        assertEquals(new Ledger.Report(0, 0, Optional.empty()), world.verifyFrom("2026-07"));
    }

    @Test
    void aClockThatIsSetBackDoesNotSpoilTheOrderOfTheFiles() throws Exception {
        world.filled();
        world.now = LedgerFixture.MARCH;
        world.restart();
        world.append("late");
        assertEquals("[2026-03, 2026-04, 2026-06]", world.ledger.months().toString());
        assertEquals("late", world.users().get(10));
        assertSound(world);
    }

    @Test
    void theLedgerGoesOnAfterARestart() throws Exception {
        world.append("a1", "a2");
        world.restart();
        world.append("a3");
        world.restart();
        assertSound(world);
        world.append("a4");
        assertEquals(List.of("a1", "a2", "a3", "a4"), world.users());
        assertEquals(List.of(), damages());
        assertSound(world);
    }

    @Test
    void manyThreadsAreServedTogetherAndEachOnce() throws Exception {
        int threads = 50;
        int each = 20;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> results = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            String user = "user" + thread;
            results.add(pool.submit(() -> {
                start.await();
                for (int i = 0; i < each; i++) {
                    world.ledger.append(List.of(event(user, "part one " + i), event(user, "part two " + i)));
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> result : results) {
            result.get();
        }
        pool.shutdown();
        List<LedgerEntry> entries = world.entries();
        assertEquals(threads * each * 2, entries.size());
        assertEquals(
                threads * each * 2,
                new HashSet<>(entries.stream().map(entry -> entry.event().id()).toList()).size());
        for (int i = 0; i < entries.size(); i += 2) {
            assertEquals(
                    entries.get(i).event().comment().replace("one", "two"),
                    entries.get(i + 1).event().comment(),
                    "what belongs together stands together");
        }
        for (int thread = 0; thread < threads; thread++) {
            String user = "user" + thread;
            assertEquals(
                    IntStream.range(0, each)
                            .boxed()
                            .flatMap(i -> Stream.of("part one " + i, "part two " + i))
                            .toList(),
                    entries.stream()
                            .filter(entry -> entry.event().user().equals(user))
                            .map(entry -> entry.event().comment())
                            .toList(),
                    "in the order of each thread");
        }
        assertThat(world.forces, lessThan(threads * each));
        assertSound(world);
    }

    @Test
    void anInterruptedThreadWritesAllTheSame() throws Exception {
        Thread.currentThread().interrupt();
        try {
            world.append("interrupted");
        } finally {
            assertTrue(Thread.interrupted(), "whoever interrupted it is not forgotten");
        }
        assertEquals(List.of("interrupted"), world.users());
        assertSound(world);
    }

    @Test
    void aDiskThatIsFullLeavesNothingHalf() throws Exception {
        world.append("a1", "a2");
        int line = world.text("2026-03").length() / 2;
        for (int room : new int[] {0, 1, line - 1, line, line + 1}) {
            world.room = room;
            IOException error = assertThrows(
                    IOException.class, () -> world.ledger.append(List.of(event("x1", "fine"), event("x2", "fine"))));
            assertThat(error.getMessage(), containsString("No space left on device"));
            world.room = -1;
            world.append("after" + room);
            assertSound(world);
        }
        assertEquals(
                List.of("a1", "a2", "after0", "after1", "after" + (line - 1), "after" + line, "after" + (line + 1)),
                world.users());
    }

    @Test
    void whatAFailureLeftIsCutBackAlsoWhenTheMonthIsOver() throws Exception {
        world.append("a1");
        world.room = 10;
        assertThrows(IOException.class, () -> world.append("lost"));
        world.room = -1;
        world.now = Instant.parse("2026-04-01T00:00:00Z");
        world.append("b1");
        assertEquals(1, world.text("2026-03").lines().count());
        assertTrue(world.text("2026-03").endsWith("\n"));
        assertSound(world);
    }

    @Test
    void aDirectoryThatIsOutOfReachForAWhileLosesNothing() throws Exception {
        world.append("a1", "a2");
        Path aside = home.resolve("aside");
        Files.move(world.directory, aside);
        Files.writeString(world.directory, "a file where the directory was");
        assertThrows(IOException.class, () -> world.append("lost"));
        assertThrows(IOException.class, () -> world.append("lost"));
        Files.delete(world.directory);
        Files.move(aside, world.directory);
        world.append("a3");
        assertEquals(List.of("a1", "a2", "a3"), world.users());
        assertEquals(List.of(), damages());
        assertSound(world);
    }

    @Test
    void everybodyWhoWaitedHearsOfAFailure() throws Exception {
        world.room = 0;
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<Boolean>> failed = IntStream.range(0, 40)
                .mapToObj(i -> pool.submit(() -> {
                    try {
                        world.append("user" + i);
                        return false;
                    } catch (IOException e) {
                        return true;
                    }
                }))
                .toList();
        for (Future<Boolean> one : failed) {
            assertTrue(one.get());
        }
        pool.shutdown();
        assertEquals(List.of(), world.users());
    }

    @Test
    void anIncompleteLastLineIsSetAsideAndTheChainGoesOn() throws Exception {
        world.append("a1", "a2");
        String whole = world.text("2026-03");
        String line = whole.substring(whole.indexOf('\n') + 1);
        for (String torn : List.of("{", line.substring(0, 40), line.substring(0, line.length() - 1), "\0\0\0\0")) {
            Files.writeString(world.file("2026-03"), torn, StandardOpenOption.APPEND);
            world.restart();
            assertSound(world);
            world.append("next");
            assertSound(world);
        }
        assertEquals(List.of("a1", "a2", "next", "next", "next", "next"), world.users());
        assertEquals(List.of(), damages());
        try (Stream<Path> files = Files.list(world.directory)) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("2026-03.jsonl.incomplete-")));
        }
    }

    @Test
    void aNewMonthWhoseFileWasMadeAndNotWrittenIsNoDamage() throws Exception {
        world.append("a1");
        Files.createFile(world.file("2026-04"));
        world.restart();
        world.append("late");
        assertEquals(List.of(), damages());
        assertSound(world);
        assertEquals(1, world.text("2026-04").lines().count(), "never before the last file");
    }

    @Test
    void aPowerFailureMayLeaveTheCheckpointBehind() throws Exception {
        world.append("a1", "a2");
        byte[] old = Files.readAllBytes(world.directory.resolve("checkpoint"));
        world.append("a3", "a4");
        Files.write(world.directory.resolve("checkpoint"), old);
        world.restart();
        world.append("a5");
        assertEquals(List.of(), damages());
        assertSound(world);
    }

    @Test
    void aTornSlotOfTheCheckpointLeavesTheOther() throws Exception {
        for (int slot = 0; slot < 2; slot++) {
            world.append("one", "two");
            byte[] checkpoint = Files.readAllBytes(world.directory.resolve("checkpoint"));
            checkpoint[slot * 192 + 20] ^= 1;
            Files.write(world.directory.resolve("checkpoint"), checkpoint);
            world.restart();
            world.append("three");
            assertEquals(List.of(), damages());
            assertSound(world);
        }
    }

    @Test
    void whatIsFoundDamagedAtTheStartStandsInTheLedgerFromThenOn() throws Exception {
        world.append("a1", "a2", "a3");
        Files.delete(world.directory.resolve("checkpoint"));
        world.restart();
        world.append("a4");
        assertEquals(List.of(Kind.CHECKPOINT_LOST), damages());
        LedgerEntry damaged = world.entries().get(3);
        assertEquals(LedgerEvent.Kind.DAMAGED, damaged.event().kind());
        assertEquals(
                "checkpoint_lost in 2026-03.jsonl, entries 3 to 3",
                damaged.event().details().get("problem"));
        assertEquals("a4", world.entries().get(4).event().user());
        assertSound(world);
        world.append("a5");
        assertEquals(6, world.entries().size(), "once");
    }

    @Test
    void whoeverWritesIntoTheFileIsNoticed() throws Exception {
        world.append("a1");
        Files.writeString(world.file("2026-03"), "{\"seq\":2", StandardOpenOption.APPEND);
        world.append("a2");
        assertEquals(List.of(Kind.INTERFERENCE), damages());
        assertEquals(4, world.text("2026-03").lines().count(), "evidence, report and entry");
        LedgerProblem problem = world.verify().problem().orElseThrow();
        assertEquals(new LedgerProblem(Kind.UNREADABLE, "2026-03.jsonl", 2, 2, 2), problem);
    }

    @Test
    void aFileThatIsDeletedWhileJenkinsRunsIsNoticed() throws Exception {
        world.append("a1", "a2");
        Files.delete(world.file("2026-03"));
        assertEquals(Kind.END_MISSING, world.verify().problem().orElseThrow().kind());
        world.append("a3");
        assertEquals(List.of(Kind.INTERFERENCE), damages());
        assertEquals(
                new LedgerProblem(Kind.START_MISSING, "", 0, 1, 2),
                world.verify().problem().orElseThrow());
    }

    @Test
    void closingWritesWhatIsQueuedAndRefusesTheRest() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(20);
        List<Future<Boolean>> results = IntStream.range(0, 200)
                .mapToObj(i -> pool.submit(() -> {
                    try {
                        world.append("user" + i);
                        return true;
                    } catch (IOException e) {
                        assertThat(e.getMessage(), containsString("Jenkins is shutting down"));
                        return false;
                    }
                }))
                .toList();
        results.get(0).get();
        world.close();
        int acknowledged = 0;
        for (Future<Boolean> result : results) {
            acknowledged += result.get() ? 1 : 0;
        }
        pool.shutdown();
        assertEquals(acknowledged, world.entries().size());
        world.restart();
        assertSound(world);
    }

    @Test
    void aProcessThatMayNotWriteDoesNotEvenRepairTheEnd() throws Exception {
        world.append("a1");
        Files.writeString(world.file("2026-03"), "{\"seq\":2", StandardOpenOption.APPEND);
        String written = world.text("2026-03");
        world.check = () -> {
            throw new IOException("another controller is active");
        };
        world.restart();
        IOException refused = assertThrows(IOException.class, () -> world.append("a2"));
        assertThat(refused.getMessage(), containsString("another controller is active"));
        assertThrows(IOException.class, () -> world.verify());
        assertEquals(written, world.text("2026-03"));
        assertEquals(List.of("a1"), world.users(), "reading is possible");
    }
}
