package io.jenkins.plugins.deploymentgate.core.record;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Replaces a small file as a whole: after a crash the file has its old content or the new one, never a mixture.
 *
 * <p>The content is written to a temporary file beside it, flushed to disk, and renamed over the old file; then the
 * directory is flushed, so that the rename survives a loss of power. A crash can leave a temporary file behind, whose name
 * ends in {@code .tmp}. Any thread may call; it blocks until the disk has answered.
 */
public final class DurableFile {

    private DurableFile() {}

    /**
     * Works on an interrupted thread too, such as that of an aborted build; the thread stays interrupted.
     *
     * @param file the file to replace; its directory is created if need be
     * @param content the new content, stored as UTF-8
     * @throws IOException if the new content is not certain to be on disk; the old content is still there then
     */
    public static void write(Path file, String content) throws IOException {
        // An interrupt closes a FileChannel.
        boolean interrupted = Thread.interrupted();
        try {
            Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
            createDirectory(directory);
            replace(file, directory, content);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void replace(Path file, Path directory, String content) throws IOException {
        // Files.createTempFile would make a file that only its owner may read.
        Path temporary = File.createTempFile(file.getFileName() + "-", ".tmp", directory.toFile())
                .toPath();
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
        flush(directory);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A new directory is an entry of its parent, and has to be on disk there before anything in it counts. */
    private static void createDirectory(@CheckForNull Path directory) throws IOException {
        if (directory == null || Files.exists(directory)) {
            return;
        }
        Files.createDirectories(directory);
        flush(directory.getParent());
    }

    /** Windows cannot open a directory for this, and keeps its entries safe without. */
    private static void flush(@CheckForNull Path directory) throws IOException {
        if (directory != null && File.separatorChar == '/') {
            try (FileChannel channel = FileChannel.open(directory)) {
                channel.force(true);
            }
        }
    }
}
