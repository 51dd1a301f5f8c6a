package io.jenkins.plugins.deploymentgate.core.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time owns the lock file. */
class OwnerLockTest {

    @TempDir
    private Path directory;

    private Path file;
    private long nanos;
    private OwnerLock lock;

    @BeforeEach
    void createLock() {
        file = directory.resolve("home/controller.lock");
        lock = new OwnerLock(file, "this one", () -> nanos);
    }

    @AfterEach
    void releaseLock() throws IOException {
        lock.release();
    }

    /** Run in another process: owns the file until its input ends. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(new OwnerLock(Path.of(arguments[0]), "the other one").own());
        System.out.println("end of input: " + System.in.read());
    }

    /** Another process that tried to own the file. */
    private record Other(Process process, boolean owns) {

        static Other start(Path file) throws IOException {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OwnerLockTest.class.getName(),
                            file.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output = process.inputReader();
            return new Other(process, Boolean.parseBoolean(output.readLine()));
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    private void letTimePass() {
        nanos += Duration.ofMinutes(1).toNanos();
    }

    @Test
    void anotherProcessWaitsUntilTheOwnerReleasesTheFile() throws Exception {
        for (int renewal = 0; renewal < 4; renewal++) {
            assertTrue(lock.own());
            letTimePass();
            Other other = Other.start(file);
            other.kill();
            assertFalse(other.owns(), "after " + renewal + " renewals");
        }
        lock.release();
        Other other = Other.start(file);
        other.kill();
        assertTrue(other.owns());
    }

    @Test
    void theFileOfAKilledProcessIsFree() throws Exception {
        Other other = Other.start(file);
        assertTrue(other.owns());
        assertFalse(lock.own());
        assertEquals("the other one", lock.describeOwner());
        other.kill();
        assertTrue(lock.own());
        assertEquals("this one", lock.describeOwner());
    }

    @Test
    void aLockThatWasLostByReadingTheFileIsRestoredByTheRenewal() throws Exception {
        assertTrue(lock.own());
        Files.copy(file, directory.resolve("backup"));
        letTimePass();
        assertTrue(lock.own());
        Other other = Other.start(file);
        other.kill();
        assertFalse(other.owns());
    }

    @Test
    void aFileThatWasDeletedIsLockedAgain() throws Exception {
        assertTrue(lock.own());
        Files.delete(file);
        Other other = Other.start(file);
        assertTrue(other.owns(), "nothing can prevent this");
        letTimePass();
        assertFalse(lock.own(), "but it is noticed");
        other.kill();
        Files.delete(file);
        assertTrue(lock.own());
    }

    @Test
    void twoObjectsOfOneProcessExcludeEachOther() throws Exception {
        OwnerLock second = new OwnerLock(file, "second", () -> nanos);
        assertTrue(lock.own());
        assertFalse(second.own());
        lock.release();
        assertTrue(second.own());
        second.release();
    }

    @Test
    void anInterruptDoesNotLoseTheLock() throws Exception {
        Thread.currentThread().interrupt();
        assertTrue(lock.own());
        letTimePass();
        assertTrue(lock.own());
        assertTrue(Thread.interrupted());
        Other other = Other.start(file);
        other.kill();
        assertFalse(other.owns());
    }

    @Test
    void aDirectoryThatCannotBeWrittenGivesNoLock() throws Exception {
        Files.writeString(directory.resolve("home"), "a file where the directory should be");
        assertThrows(IOException.class, () -> lock.own());
        Files.delete(directory.resolve("home"));
        assertTrue(lock.own());
    }
}
