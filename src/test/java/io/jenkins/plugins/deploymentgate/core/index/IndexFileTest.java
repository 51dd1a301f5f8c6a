package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the file of the index over crashes and damages. */
class IndexFileTest {

    private static final Path IO = Path.of("/proc/self/io");

    @TempDir
    Path home;

    private static final Logger LOGGER = Logger.getLogger(IndexFile.class.getName());

    private final WarningRecorder log = new WarningRecorder();
    private Path file;
    private long now;

    /** Keeps the messages of warnings. */
    private static final class WarningRecorder extends Handler {

        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                messages.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {
            // Nothing is buffered.
        }

        @Override
        public void close() {
            // Nothing is open.
        }

        List<String> getMessages() {
            return messages;
        }
    }

    @AfterEach
    void stopRecording() {
        LOGGER.removeHandler(log);
    }

    @BeforeEach
    void place() {
        LOGGER.addHandler(log);
        file = home.resolve("deployment-gate/index.mv");
    }

    private DeploymentIndex open() throws IOException {
        now++;
        return DeploymentIndex.open(file, Clock.fixed(Summaries.NOON.plusMillis(now), ZoneOffset.UTC));
    }

    private void fill() throws IOException {
        try (DeploymentIndex index = open()) {
            for (int id = 1; id <= 3000; id++) {
                index.put(Summaries.blocked(id, "job" + id % 20, id));
                if (id % 500 == 0) {
                    index.commit();
                }
            }
            index.markComplete();
        }
    }

    private static long size(DeploymentIndex index) {
        return index.count(DeploymentFilter.in(DeploymentScope.EVERYWHERE), job -> true);
    }

    /** Writes one change after the other. */
    private static void commitEach(DeploymentIndex index, int from, int to) {
        for (int id = from; id <= to; id++) {
            index.put(Summaries.ended(Summaries.blocked(id, "job" + id % 20, id), Status.SUCCESS));
            index.commit();
        }
    }

    /** @return the bytes that this process has written so far, as Linux counts them */
    private static long written() throws IOException {
        return Files.readAllLines(IO).stream()
                .filter(line -> line.startsWith("wchar: "))
                .mapToLong(line -> Long.parseLong(line.substring(7)))
                .sum();
    }

    @Test
    void aChangeDoesNotWriteEverythingAnew() throws Exception {
        assumeTrue(Files.exists(IO), "Only Linux counts what a process writes");
        fill();
        try (DeploymentIndex index = open()) {
            commitEach(index, 1, 10);
            long before = written();
            commitEach(index, 1001, 1500);
            long each = (written() - before) / 500;
            long length = Files.size(file);
            assertTrue(each < length / 20, each + " bytes are written for a change, with " + length + " in the file");
        }
    }

    @Test
    void theFileDoesNotGrowWithTheNumberOfChanges() throws Exception {
        fill();
        try (DeploymentIndex index = open()) {
            index.compact();
            long before = Files.size(file);
            commitEach(index, 1, 1500);
            assertTrue(Files.size(file) < 6 * before, Files.size(file) + " bytes, and " + before + " before");
            assertEquals(3000, size(index));
            assertTrue(isReadable(index));
        }
    }

    private List<Path> aside() throws IOException {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.filter(path -> path.getFileName().toString().contains(".unusable-"))
                    .sorted()
                    .toList();
        }
    }

    private void assertSetAside() throws IOException {
        try (DeploymentIndex index = open()) {
            assertEquals(0, size(index));
            assertFalse(index.isComplete());
            assertEquals(OptionalInt.empty(), index.highestIid("job1"), "nobody knows");
            index.put(Summaries.blocked(7, "job7", 7));
            assertEquals(1, size(index));
        }
        assertEquals(1, aside().size());
        assertEquals(1, log.getMessages().size(), log.getMessages().toString());
        assertTrue(
                log.getMessages().get(0).contains("set aside as " + aside().get(0)),
                log.getMessages().toString());
    }

    @Test
    void whatWasClosedIsThereAgainAndTrusted() throws IOException {
        fill();
        try (DeploymentIndex index = open()) {
            assertTrue(index.isComplete());
            assertEquals(3000, size(index));
            assertEquals(Optional.of(Summaries.blocked(77, "job17", 77)), index.find(77));
            assertEquals(3000, index.highestId());
            assertEquals(OptionalInt.of(2981), index.highestIid("job1"));
        }
        assertEquals(List.of(), aside());
    }

    @Test
    void whatWasNotClosedHasWhatWasCommittedAndIsNotTrusted() throws IOException {
        fill();
        DeploymentIndex crashing = open();
        crashing.put(Summaries.blocked(4000, "job1", 4000));
        crashing.commit();
        crashing.put(Summaries.blocked(4001, "job1", 4001));
        Path copy = home.resolve("as the crash left it");
        Files.copy(file, copy);
        crashing.close();
        file = copy;
        try (DeploymentIndex index = open()) {
            assertFalse(index.isComplete(), "something may be missing");
            assertEquals(3001, size(index));
            assertEquals(OptionalInt.of(4000), index.highestIid("job1"));
            index.markComplete();
            assertTrue(index.isComplete());
        }
        try (DeploymentIndex index = open()) {
            assertTrue(index.isComplete());
        }
    }

    @Test
    void whatIsClosedTwiceWithoutBeingLookedThroughIsStillNotTrusted() throws IOException {
        try (DeploymentIndex index = open()) {
            index.put(Summaries.blocked(1, "job1", 1));
        }
        try (DeploymentIndex index = open()) {
            assertFalse(index.isComplete());
            assertEquals(1, size(index));
        }
    }

    @Test
    void aFileOfGarbageIsSetAside() throws IOException {
        Files.createDirectories(file.getParent());
        byte[] garbage = new byte[20_000];
        new Random(1).nextBytes(garbage);
        Files.write(file, garbage);
        assertSetAside();
    }

    @Test
    void anEmptyFileIsSetAside() throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertSetAside();
    }

    @Test
    void aFileThatWasCutOffIsSetAside() throws IOException {
        fill();
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(5000);
        }
        assertSetAside();
    }

    @Test
    void aFileWithoutItsBeginningIsSetAside() throws IOException {
        fill();
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.write(new byte[8192]);
        }
        try (DeploymentIndex index = open()) {
            assertTrue(size(index) == 0 || size(index) == 3000, "all or nothing");
        }
    }

    @Test
    void damageInTheMiddleIsNoticedAtTheLatestWhenItIsRead() throws IOException {
        fill();
        long length = Files.size(file);
        for (int blocks = 2; blocks < 8; blocks++) {
            Path damaged = file.resolveSibling("damaged" + blocks);
            Files.copy(file, damaged);
            try (RandomAccessFile access = new RandomAccessFile(damaged.toFile(), "rw")) {
                byte[] garbage = new byte[(int) (length / 2)];
                new Random(blocks).nextBytes(garbage);
                access.seek(blocks * 4096L);
                access.write(garbage);
            }
            try (DeploymentIndex index = DeploymentIndex.open(damaged, Clock.systemUTC())) {
                assertTrue(!index.isComplete() || !isReadable(index), "an index that looks well but is not");
            }
        }
    }

    private static boolean isReadable(DeploymentIndex index) {
        try {
            index.page(DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 3000), job -> true);
            return true;
        } catch (IndexFailedException e) {
            return false;
        }
    }

    @Test
    void aFileThatSomebodyElseHasOpenIsSetAside() throws IOException {
        try (DeploymentIndex other = open()) {
            other.put(Summaries.blocked(1, "job1", 1));
            assertSetAside();
        }
    }

    @Test
    void aFileOfAnotherVersionIsSetAside() throws IOException {
        Files.createDirectories(file.getParent());
        new MVStore.Builder().fileName(file.toString()).open().close();
        assertSetAside();
    }

    @Test
    void theLastThreeThatWereSetAsideAreKept() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "not an index");
            open().close();
        }
        List<Path> kept = aside();
        assertEquals(3, kept.size());
        assertTrue(kept.get(2)
                .toString()
                .endsWith("-" + Summaries.NOON.plusMillis(now).toEpochMilli()));
    }

    @Test
    void whereThereCanBeNoFileThatIsAnError() throws IOException {
        Files.writeString(file.getParent(), "a file where the directory should be");
        assertThrows(IOException.class, this::open);
        try (DeploymentIndex index = DeploymentIndex.inMemory()) {
            index.put(Summaries.blocked(1, "job1", 1));
            index.commit();
            assertEquals(1, size(index));
        }
    }

    @Test
    void aNewJobIsNotTakenForADeletedOneByWhoeverAskedBefore() throws IOException {
        try (DeploymentIndex index = open()) {
            index.put(Summaries.blocked(1, "shown", 1));
            IndexPage page =
                    index.page(DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 10), job -> {
                        index.removeJobs(DeploymentScope.job("shown"));
                        assertFalse(index.purge());
                        index.put(Summaries.blocked(2, "hidden", 1));
                        return job.equals("shown");
                    });
            assertEquals(new IndexPage(List.of(), 0), page);
        }
    }

    @Test
    void aClosedIndexAnswersNothing() throws IOException {
        DeploymentIndex index = open();
        index.put(Summaries.blocked(1, "job1", 1));
        index.close();
        assertThrows(IndexFailedException.class, () -> index.find(1));
        assertThrows(IndexFailedException.class, () -> index.put(Summaries.blocked(2, "job1", 1)));
        assertThrows(IndexFailedException.class, () -> size(index));
        index.close();
    }
}
