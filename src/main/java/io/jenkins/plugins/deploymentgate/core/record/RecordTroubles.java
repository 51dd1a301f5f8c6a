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
 * Remembers which files of deployments could not be read or written, until they can be again. Each is logged once, however
 * often it is tried. In memory only: after a restart trouble is met again, or is over. Any thread may call.
 */
public final class RecordTroubles {

    private static final Logger LOGGER = Logger.getLogger(RecordTroubles.class.getName());

    /** So much space must be there again, in UTF-16 units: more than most records take. */
    private static final int PROBE = 16_384;

    /** Enough to know that there is trouble. */
    private static final int MAX = 1_000;

    private record Trouble(String message, boolean writing) {}

    private final Map<Path, Trouble> troubles = new ConcurrentHashMap<>();

    void unreadable(Path file, IOException cause) {
        met(file, cause, false);
    }

    void unwritable(Path file, IOException cause) {
        met(file, cause, true);
    }

    private void met(Path file, IOException cause, boolean writing) {
        Trouble trouble = new Trouble(String.valueOf(cause.getMessage()), writing);
        if (troubles.size() < MAX && troubles.put(file, trouble) == null) {
            LOGGER.log(
                    Level.WARNING,
                    cause,
                    () -> "A deployment stays as it is, because its file cannot be "
                            + (writing ? "written: " : "read: ") + file);
        }
    }

    /** Hears that a file was read. That does not mean that it can be written. */
    void read(Path file) {
        if (!troubles.isEmpty()) {
            troubles.computeIfPresent(file, (path, trouble) -> trouble.writing() ? trouble : over(path));
        }
    }

    /** Hears that a file was written. */
    void written(Path file) {
        if (!troubles.isEmpty()) {
            troubles.computeIfPresent(file, (path, trouble) -> over(path));
        }
    }

    private static Trouble over(Path file) {
        LOGGER.info(() -> "All is well again with " + file);
        return null;
    }

    /** @return how many files there is trouble with */
    public int count() {
        return troubles.size();
    }

    /** @return what is the matter with one of them, for administrators; empty if all is well */
    public Optional<String> example() {
        return troubles.values().stream().map(Trouble::message).findFirst();
    }

    private static boolean isOfNoBuild(@CheckForNull Path directory) {
        return directory == null || Files.notExists(directory.resolveSibling("build.xml"));
    }

    /**
     * Tries again what failed. A record is read; where a record could not be written, another file of a usual size is, in
     * the same directory, because only the lock of the deployment makes it safe to write the record itself.
     *
     * @param store reads the records
     */
    void recheck(DeploymentStore store) {
        troubles.forEach((file, trouble) -> {
            Path directory = file.getParent();
            try {
                if (isOfNoBuild(directory) || !trouble.writing() && Files.notExists(file)) {
                    troubles.remove(file);
                } else if (trouble.writing()) {
                    Path probe = directory.resolve("probe");
                    DurableFile.write(probe, " ".repeat(PROBE));
                    Files.delete(probe);
                    written(file);
                } else {
                    store.check(file);
                }
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "There is still trouble with " + file);
            }
        });
    }
}
