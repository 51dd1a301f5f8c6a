package io.jenkins.plugins.deploymentgate.core.record;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The records that could not be read or written, until that works again. A file is logged once, however often it is tried. In
 * memory only: after a restart it starts empty. Any thread may call.
 */
public final class RecordFailures {

    private static final Logger LOGGER = Logger.getLogger(RecordFailures.class.getName());

    /** Size of the file that tests whether writing works again, in UTF-16 units; larger than most records. */
    private static final int PROBE = 16_384;

    /** More are not remembered. */
    private static final int MAX = 1_000;

    private record Failure(String message, boolean writing) {}

    private final Map<Path, Failure> failures = new ConcurrentHashMap<>();

    void readFailed(Path file, IOException cause) {
        add(file, cause, false);
    }

    void writeFailed(Path file, IOException cause) {
        add(file, cause, true);
    }

    private void add(Path file, IOException cause, boolean writing) {
        Failure failure = new Failure(String.valueOf(cause.getMessage()), writing);
        if (failures.size() < MAX && failures.put(file, failure) == null) {
            LOGGER.log(
                    Level.WARNING,
                    cause,
                    () -> "A deployment stays as it is, because its file cannot be "
                            + (writing ? "written: " : "read: ") + file);
        }
    }

    /** To be called when a file was read. This does not mean that it can be written. */
    void read(Path file) {
        if (!failures.isEmpty()) {
            failures.computeIfPresent(file, (path, failure) -> failure.writing() ? failure : resolved(path));
        }
    }

    /** To be called when a file was written. */
    void written(Path file) {
        if (!failures.isEmpty()) {
            failures.computeIfPresent(file, (path, failure) -> resolved(path));
        }
    }

    private static Failure resolved(Path file) {
        LOGGER.info(() -> "Can be read and written again: " + file);
        return null;
    }

    /** @return how many files are affected */
    public int count() {
        return failures.size();
    }

    /** @return the message of one failure, for administrators; empty if there is none */
    public Optional<String> example() {
        return failures.values().stream().map(Failure::message).findFirst();
    }

    private static boolean isBuildGone(@CheckForNull Path directory) {
        return directory == null || Files.notExists(directory.resolveSibling("build.xml"));
    }

    /**
     * Tries again what failed. A record that could not be read is read. Where one could not be written, another file is
     * written to its directory, because writing the record itself needs the lock of the deployment.
     *
     * @param store reads the records
     */
    void recheck(DeploymentStore store) {
        failures.forEach((file, failure) -> {
            Path directory = file.getParent();
            try {
                if (isBuildGone(directory) || !failure.writing() && Files.notExists(file)) {
                    failures.remove(file);
                } else if (failure.writing()) {
                    Path probe = directory.resolve("probe");
                    DurableFile.write(probe, " ".repeat(PROBE));
                    Files.delete(probe);
                    written(file);
                } else {
                    store.check(file);
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Still cannot be read or written: " + file);
            }
        });
    }
}
