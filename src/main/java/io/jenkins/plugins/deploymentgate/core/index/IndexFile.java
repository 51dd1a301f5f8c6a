package io.jenkins.plugins.deploymentgate.core.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;

/**
 * The file of the index. One that cannot be used, for whatever reason, is set aside under another name, and an empty one
 * takes its place; the last few that were set aside are kept for whoever wants to know what happened.
 */
final class IndexFile {

    private static final Logger LOGGER = Logger.getLogger(IndexFile.class.getName());

    private static final int KEPT = 3;
    private static final int CACHE_MEGABYTES = 16;

    private final Path directory;
    private final Path path;
    private final Clock clock;

    IndexFile(Path path, Clock clock) {
        this.path = path.toAbsolutePath();
        this.directory = Objects.requireNonNull(this.path.getParent(), "a file is in a directory");
        this.clock = clock;
    }

    /**
     * Opens it, or an empty one in its place. No other process and no other object can open it then until the store is
     * closed. The store writes only when it is told to, and has no thread of its own.
     *
     * @param existing makes what is wanted of the store in a file that was there; an exception of it means that the file
     *     cannot be used
     * @param fresh makes it of a new store
     * @throws IOException if there cannot be an empty one either
     */
    <T> T open(Function<MVStore, T> existing, Function<MVStore, T> fresh) throws IOException {
        Files.createDirectories(directory);
        if (Files.exists(path)) {
            try {
                return attempt(existing);
            } catch (RuntimeException | AssertionError e) {
                setAside(e);
            }
        }
        try {
            return attempt(fresh);
        } catch (RuntimeException e) {
            throw new IOException(path + " cannot be made: " + e.getMessage(), e);
        }
    }

    private <T> T attempt(Function<MVStore, T> reader) {
        MVStore store = new MVStore.Builder()
                .fileName(path.toString())
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .cacheSize(CACHE_MEGABYTES)
                .open();
        // Room that is free can be used at once, because nothing is written before the last commit is on disk.
        store.setRetentionTime(0);
        boolean usable = false;
        try {
            T opened = reader.apply(store);
            usable = true;
            return opened;
        } finally {
            if (!usable) {
                store.closeImmediately();
            }
        }
    }

    /**
     * Gives the file another name, if it exists.
     *
     * @param why what is wrong with it
     * @throws IOException if it cannot be given another name
     */
    void setAside(Throwable why) throws IOException {
        if (Files.exists(path)) {
            Path aside = path.resolveSibling(prefix() + clock.millis());
            Files.move(path, aside);
            LOGGER.log(
                    Level.WARNING,
                    why,
                    () -> "The index of deployments could not be used and was set aside as " + aside
                            + "; a new one is made from the records of the builds");
            deleteOld();
        }
    }

    private String prefix() {
        return path.getFileName() + ".unusable-";
    }

    private void deleteOld() throws IOException {
        List<Path> aside;
        try (Stream<Path> files = Files.list(directory)) {
            aside = files.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix()))
                    .sorted(Comparator.comparing(Path::toString).reversed())
                    .toList();
        }
        for (Path old : aside.subList(Math.min(KEPT, aside.size()), aside.size())) {
            Files.delete(old);
        }
    }
}
