package io.jenkins.plugins.deploymentgate.core.ledger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of the audit ledger line by line, whatever is in it, with little memory. One thread. */
final class AuditLines implements Closeable {

    /** The longest line, in bytes; more of it than this is not looked at. */
    static final int MAX_LINE = 8 << 20;

    private final InputStream in;
    private boolean complete;

    AuditLines(Path file) throws IOException {
        in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** @return the next line without its line break; null at the end */
    @CheckForNull
    @SuppressFBWarnings(value = "PZLA_PREFER_ZERO_LENGTH_ARRAYS", justification = "an empty line is a line")
    byte[] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.size() < MAX_LINE) {
                line.write(next);
            }
            next = in.read();
        }
        complete = next == '\n';
        return line.toByteArray();
    }

    /** @return whether the line that was read last has a line break; that without one was cut off by a crash */
    boolean isComplete() {
        return complete;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
