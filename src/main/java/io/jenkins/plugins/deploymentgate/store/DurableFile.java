package io.jenkins.plugins.deploymentgate.store;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Functions;
import hudson.util.AtomicFileWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Replaces a small file as a whole: a crash leaves the old content or the new, never a mixture. */
final class DurableFile {

    private DurableFile() {}

    /**
     * Writes also on a thread that was interrupted, as that of an aborted build is; it stays interrupted.
     *
     * @param file where to write; its directory is made if need be
     * @param content the new content, kept in UTF-8
     * @throws IOException if the new content is not certain to be on disk; the old content is still there then
     */
    static void write(Path file, String content) throws IOException {
        // A channel closes itself when an interrupted thread uses it.
        boolean interrupted = Thread.interrupted();
        try {
            makeDirectory(file.toAbsolutePath().getParent());
            replace(file, content);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void replace(Path file, String content) throws IOException {
        try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            try {
                writer.write(content);
                writer.commit();
            } finally {
                writer.abort();
            }
        }
    }

    /** A new directory is an entry in the one above it, and has to be on disk there before anything in it counts. */
    private static void makeDirectory(@CheckForNull Path directory) throws IOException {
        if (directory == null || Files.exists(directory)) {
            return;
        }
        Files.createDirectories(directory);
        Path above = directory.getParent();
        if (above != null && !Functions.isWindows()) {
            try (FileChannel channel = FileChannel.open(above)) {
                channel.force(true);
            }
        }
    }
}
