package io.jenkins.plugins.deploymentgate.core.ledger;

import io.jenkins.plugins.deploymentgate.core.record.DurableFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Appends to a file so that it is certain to be on disk. */
@FunctionalInterface
interface AuditDisk {

    /**
     * Does it with one write and one flush. Not with a channel, which would be closed under all who wait for the flush
     * when the thread is interrupted that happens to do it for them.
     */
    AuditDisk FORCED = (file, length, bytes) -> {
        if (!Files.exists(file)) {
            DurableFile.write(file, "");
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            if (out.length() > length) {
                out.setLength(length);
            }
            out.seek(length);
            try {
                out.write(bytes);
                out.getFD().sync();
            } catch (IOException e) {
                cutBack(out, length, e);
                throw e;
            }
        }
    };

    private static void cutBack(RandomAccessFile out, long length, IOException failure) {
        try {
            out.setLength(length);
        } catch (IOException e) {
            // The next append cuts back what is after the length that it is given.
            failure.addSuppressed(e);
        }
    }

    /**
     * @param file where to write; it is made if need be, its directory too
     * @param length how much of what is there stays
     * @param bytes what follows
     * @throws IOException if that is not certain to be on disk; what is after {@code length} then is of no value
     */
    void append(Path file, long length, byte[] bytes) throws IOException;
}
