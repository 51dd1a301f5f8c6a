package io.jenkins.plugins.deploymentgate.core.ledger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads a file line by line, whatever its content, with little memory. For one thread. */
final class LineReader implements Closeable {

    /** The longest line in bytes. Forwards, the rest of a longer one is skipped; backwards, it is an error. */
    static final int MAX_LINE = 8 << 20;

    private static final int BLOCK = 1 << 14;

    private final InputStream in;
    private boolean complete;

    LineReader(Path file) throws IOException {
        in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** @return the next line without its line break; null at the end of the file */
    @CheckForNull
    @SuppressFBWarnings(value = "PZLA_PREFER_ZERO_LENGTH_ARRAYS", justification = "an empty line is a line")
    byte[] next() throws IOException {
        int next = in.read();
        if (next < 0) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (next >= 0 && next != '\n') {
            if (line.size() < MAX_LINE) {
                line.write(next);
            }
            next = in.read();
        }
        complete = next == '\n';
        return line.toByteArray();
    }

    /** @return whether the last line read ends with a line break; if not, a crash interrupted its write */
    boolean isComplete() {
        return complete;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Complete lines without their line breaks, and where the last one ends in the file. */
    record Block(List<byte[]> lines, long end) {}

    /**
     * Reads backwards. Unlike commons-io's reader it gives bytes, which the hashes cover, and offsets, at which a later search
     * continues.
     *
     * @param limit the offset of a line; anything else stands for the end of the last complete line
     * @return the last lines before it, at least one unless it is the first
     */
    static Block before(Path file, long limit) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            long end = limit >= 0 && limit <= length && isLineStart(in, limit) ? limit : length;
            for (long size = BLOCK; ; size *= 4) {
                long start = Math.max(0, end - size);
                byte[] bytes = new byte[(int) (end - start)];
                in.seek(start);
                in.readFully(bytes);
                int first = start == 0 || isLineStart(in, start) ? 0 : endOfLine(bytes, 0);
                int last = bytes.length;
                while (last > first && bytes[last - 1] != '\n') {
                    last--;
                }
                if (last > first || start == 0) {
                    return new Block(split(bytes, first, last), start + last);
                } else if (size > MAX_LINE) {
                    throw new IOException("the line that ends at byte " + end + " is too long");
                }
            }
        }
    }

    private static boolean isLineStart(RandomAccessFile in, long offset) throws IOException {
        in.seek(Math.max(0, offset - 1));
        return offset == 0 || in.read() == '\n';
    }

    private static List<byte[]> split(byte[] bytes, int from, int to) {
        List<byte[]> lines = new ArrayList<>();
        for (int start = from; start < to; start = endOfLine(bytes, start)) {
            lines.add(Arrays.copyOfRange(bytes, start, endOfLine(bytes, start) - 1));
        }
        return lines;
    }

    private static int endOfLine(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, bytes.length);
    }

    /** @return the last complete line of a file, without its line break */
    static Optional<byte[]> last(Path file) throws IOException {
        return before(file, -1).lines().stream().reduce((first, second) -> second);
    }
}
