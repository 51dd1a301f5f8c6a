package io.jenkins.plugins.deploymentgate.core.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel.FailedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** What becomes of the file of the embedded database over crashes and damages. */
class ReadModelFileTest {

    @TempDir
    Path home;

    private static final Logger LOGGER = Logger.getLogger(ReadModel.class.getName());

    private final WarningRecorder log = new WarningRecorder();
    private Path file;

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
    }

    @AfterEach
    void stopRecording() {
        LOGGER.removeHandler(log);
    }

    @BeforeEach
    void place() {
        LOGGER.addHandler(log);
        file = home.resolve("deployment-gate/index.mv.db");
    }

    private ReadModel open() throws IOException {
        return ReadModel.open(file);
    }

    private static void put(ReadModel model, DeploymentSummary summary) {
        model.write(table -> table.put(summary, Summaries.record(summary)));
    }

    private void fill() throws IOException {
        try (ReadModel model = open()) {
            model.write(table -> {
                for (int id = 1; id <= 3000; id++) {
                    DeploymentSummary blocked = Summaries.blocked(id, "job" + id % 20, id);
                    table.put(blocked, Summaries.record(blocked));
                }
            });
            model.setComplete(true);
        }
    }

    private static long size(ReadModel model) {
        return model.count(DeploymentFilter.in(DeploymentScope.EVERYWHERE), job -> true);
    }

    private List<Path> aside() throws IOException {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.filter(path -> path.getFileName().toString().endsWith(".unusable"))
                    .sorted()
                    .toList();
        }
    }

    private void assertSetAside() throws IOException {
        try (ReadModel model = open()) {
            assertEquals(0, size(model));
            assertFalse(model.isComplete());
            put(model, Summaries.blocked(7, "job7", 7));
            assertEquals(1, size(model));
        }
        assertEquals(1, aside().size());
        assertEquals(1, log.messages.size(), log.messages.toString());
        assertTrue(log.messages.get(0).contains("set aside as " + aside().get(0)), log.messages.toString());
    }

    @Test
    void whatWasClosedIsThereAgainAndTrusted() throws IOException {
        fill();
        try (ReadModel model = open()) {
            assertTrue(model.isComplete());
            assertEquals(3000, size(model));
            DeploymentSummary one = Summaries.blocked(77, "job17", 77);
            assertEquals(Optional.of(one), model.find(77));
            assertEquals(Map.of(77L, Summaries.record(one)), model.records(List.of(77L, 9999L)));
        }
        assertEquals(List.of(), aside());
    }

    @Test
    void aCopyThatWasTakenWhileItWasOpenStartsAnew() throws IOException {
        fill();
        Path copy = home.resolve("as the crash left it.mv.db");
        try (ReadModel crashing = open()) {
            assertTrue(crashing.isComplete());
            Files.copy(file, copy);
        }
        file = copy;
        try (ReadModel model = open()) {
            assertFalse(model.isComplete());
            assertEquals(0, size(model), "rows and indexes may disagree");
            assertEquals(0, model.count(DeploymentFilter.in(DeploymentScope.EVERYWHERE), job -> true));
            model.setComplete(true);
        }
        try (ReadModel model = open()) {
            assertTrue(model.isComplete());
        }
    }

    @Test
    void whatIsClosedWithoutBeingCompleteStartsAnew() throws IOException {
        try (ReadModel model = open()) {
            put(model, Summaries.blocked(1, "job1", 1));
        }
        try (ReadModel model = open()) {
            assertFalse(model.isComplete());
            assertEquals(0, size(model));
        }
    }

    @Test
    void theFileDoesNotGrowWithTheNumberOfChanges() throws Exception {
        fill();
        long before = Files.size(file);
        try (ReadModel model = open()) {
            for (int change = 0; change < 5000; change++) {
                int id = 1 + change % 3000;
                DeploymentSummary blocked = Summaries.blocked(id, "job" + id % 20, id);
                put(model, change % 2 == 0 ? Summaries.ended(blocked, Status.SUCCESS) : blocked);
            }
            assertEquals(3000, size(model));
        }
        try (ReadModel model = open()) {
            assertTrue(isReadable(model));
        }
        assertTrue(Files.size(file) < 6 * before, Files.size(file) + " bytes, and " + before + " before");
    }

    @Test
    void anInterruptedThreadCanReadAndWriteAndDoesNoHarm() throws Exception {
        fill();
        try (ReadModel model = open()) {
            Thread.currentThread().interrupt();
            put(model, Summaries.blocked(5000, "job1", 5000));
            assertEquals(3001, size(model));
            assertTrue(Thread.interrupted());
            assertTrue(isReadable(model));
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
    void aFileWithoutItsBeginningIsSetAsideOrComplete() throws IOException {
        fill();
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.write(new byte[8192]);
        }
        try (ReadModel model = open()) {
            assertTrue(size(model) == 0 || size(model) == 3000, "all or nothing");
        }
    }

    @Test
    void damageInTheMiddleIsNoticedAtTheLatestWhenItIsRead() throws IOException {
        fill();
        long length = Files.size(file);
        for (int blocks = 2; blocks < 8; blocks++) {
            Path damaged = file.resolveSibling("damaged" + blocks + ".mv.db");
            Files.copy(file, damaged);
            try (RandomAccessFile access = new RandomAccessFile(damaged.toFile(), "rw")) {
                byte[] garbage = new byte[(int) (length / 2)];
                new Random(blocks).nextBytes(garbage);
                access.seek(blocks * 4096L);
                access.write(garbage);
            }
            ReadModel model = ReadModel.open(damaged);
            assertTrue(!model.isComplete() || !isReadable(model), "a model that looks well but is not");
            model.abandon(new IOException("damaged by the test"));
        }
    }

    private static boolean isReadable(ReadModel model) {
        try {
            DeploymentFilter everything = DeploymentFilter.in(DeploymentScope.EVERYWHERE);
            List<DeploymentSummary> all = model.page(DeploymentQuery.latest(everything, 5000), job -> true)
                    .entries();
            model.records(all.stream().map(DeploymentSummary::id).toList());
            return all.size() >= 3000;
        } catch (FailedException e) {
            return false;
        }
    }

    @Test
    void aFileThatSomebodyElseHasOpenIsSetAside() throws IOException {
        fill();
        MVStore other = new MVStore.Builder().fileName(file.toString()).open();
        try {
            assertSetAside();
        } finally {
            other.closeImmediately();
        }
    }

    @Test
    void aFileOfAnotherVersionIsSetAside() throws Exception {
        Files.createDirectories(file.getParent());
        String url = "jdbc:h2:" + file.toString().replace(".mv.db", "");
        try (Connection other = DriverManager.getConnection(url)) {
            other.createStatement().execute("CREATE SCHEMA deployment_gate_0");
        }
        assertSetAside();
    }

    @Test
    void theLastOneThatWasSetAsideIsKept() throws IOException {
        Files.createDirectories(file.getParent());
        for (int i = 0; i < 3; i++) {
            Files.writeString(file, "not a database " + i);
            open().close();
        }
        assertEquals(1, aside().size());
        assertEquals("not a database 2", Files.readString(aside().get(0)));
    }

    @Test
    void whereThereCanBeNoFileThatIsAnError() throws IOException {
        Files.writeString(file.getParent(), "a file where the directory should be");
        assertThrows(IOException.class, this::open);
        try (ReadModel model = ReadModel.inMemory()) {
            put(model, Summaries.blocked(1, "job1", 1));
            assertEquals(1, size(model));
        }
    }

    @Test
    void aJobThatAppearsAfterThePermissionsWereCheckedIsNotShown() throws IOException {
        try (ReadModel model = open()) {
            put(model, Summaries.blocked(1, "shown", 1));
            DeploymentQuery all = DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 10);
            DeploymentList page = model.page(all, job -> {
                put(model, Summaries.blocked(2, "hidden", 1));
                return job.equals("shown");
            });
            assertEquals(List.of(Summaries.blocked(1, "shown", 1)), page.entries());
            assertEquals(1, page.total());
        }
    }

    @Test
    void aChangeThatFailsChangesNothing() throws IOException {
        try (ReadModel model = open()) {
            assertThrows(
                    FailedException.class,
                    () -> model.write(table -> {
                        DeploymentSummary one = Summaries.blocked(1, "job1", 1);
                        table.put(one, Summaries.record(one));
                        throw new IllegalStateException("in the middle");
                    }));
            assertEquals(0, size(model));
        }
    }

    @Test
    void aClosedModelAnswersNothing() throws IOException {
        ReadModel model = open();
        put(model, Summaries.blocked(1, "job1", 1));
        model.close();
        assertThrows(FailedException.class, () -> model.find(1));
        assertThrows(FailedException.class, () -> put(model, Summaries.blocked(2, "job1", 1)));
        assertThrows(FailedException.class, () -> size(model));
        model.close();
    }
}
