package io.jenkins.plugins.deploymentgate.core.ledger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads a file of the audit ledger backwards, and no more of it than is asked for. One thread. */
final class AuditTail implements Closeable {

    private static final int BLOCK = 1 << 14;

    private final RandomAccessFile file;
    private byte[] buffer = {};
    private long bufferStart;
    private long end;

    /** Begins with the last complete line. */
    AuditTail(Path file) throws IOException {
        this(file, Long.MAX_VALUE);
    }

    /**
     * @param file what to read
     * @param end where the line begins that follows the first that is wanted; what no line begins at stands for the end
     *     of the file
     */
    AuditTail(Path file, long end) throws IOException {
        this.file = new RandomAccessFile(file.toFile(), "r");
        try {
            long length = this.file.length();
            if (end >= 0 && end <= length && isBeginning(end)) {
                this.end = end;
                bufferStart = end;
            } else if (isBeginning(length)) {
                this.end = length;
                bufferStart = length;
            } else {
                this.end = length + 1;
                bufferStart = this.end;
                previous();
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean isBeginning(long offset) throws IOException {
        if (offset == 0) {
            return true;
        }
        file.seek(offset - 1);
        return file.read() == '\n';
    }

    /**
     * @return the line before the one that was given last, without its line break; null at the beginning of the file
     * @throws IOException if it cannot be read, or is longer than {@link AuditLines#MAX_LINE}
     */
    @CheckForNull
    @SuppressFBWarnings(value = "PZLA_PREFER_ZERO_LENGTH_ARRAYS", justification = "an empty line is a line")
    byte[] previous() throws IOException {
        if (end == 0) {
            return null;
        }
        long contentEnd = end - 1;
        int lineBreak = lastBreakBefore(contentEnd);
        while (lineBreak < 0 && bufferStart > 0) {
            long had = contentEnd - bufferStart;
            if (had > AuditLines.MAX_LINE) {
                throw new IOException("a line that ends at byte " + end + " is too long");
            }
            load(Math.max(0, bufferStart - Math.max(had, BLOCK)), contentEnd);
            lineBreak = lastBreakBefore(contentEnd);
        }
        byte[] line = Arrays.copyOfRange(buffer, lineBreak + 1, (int) (contentEnd - bufferStart));
        end = bufferStart + lineBreak + 1;
        return line;
    }

    private int lastBreakBefore(long offset) {
        for (int i = (int) Math.min(offset - bufferStart, buffer.length) - 1; i >= 0; i--) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void load(long from, long to) throws IOException {
        buffer = new byte[(int) (to - from)];
        bufferStart = from;
        file.seek(from);
        file.readFully(buffer);
    }

    /** @return where the line begins that was given last, or the first that is wanted if none was */
    long offset() {
        return end;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
