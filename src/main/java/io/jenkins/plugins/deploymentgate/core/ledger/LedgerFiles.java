package io.jenkins.plugins.deploymentgate.core.ledger;

import io.jenkins.plugins.deploymentgate.core.record.DurableFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of the audit ledger: one for each month (UTC) in which something was written, and the checkpoint.
 *
 * @param directory may be missing until the first write
 * @param chain the hashes of the lines
 */
record LedgerFiles(Path directory, Chain chain) {

    private static final Pattern NAME = Pattern.compile("([0-9]{4}-(?:0[1-9]|1[0-2]))\\.jsonl");

    /** Appends to a file, as {@link #append} does. Tests replace it to simulate a full disk. */
    @FunctionalInterface
    interface Appender {
        void append(Path file, long length, byte[] bytes) throws IOException;
    }

    /** @return the months that have a file, oldest first */
    List<YearMonth> months() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> YearMonth.parse(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    Path file(YearMonth month) {
        return directory.resolve(name(month));
    }

    static String name(YearMonth month) {
        return month + ".jsonl";
    }

    Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    /**
     * Appends with one write and one flush.
     *
     * @param file created if necessary, with its directory
     * @param length how much of the present content to keep
     * @throws IOException if the bytes are not certain to be on disk; whatever follows {@code length} is invalid then
     */
    static void append(Path file, long length, byte[] bytes) throws IOException {
        if (!Files.exists(file)) {
            DurableFile.write(file, "");
        }
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(Math.min(out.length(), length));
            out.seek(length);
            try {
                out.write(bytes);
                out.getFD().sync();
            } catch (IOException e) {
                out.setLength(length);
                throw e;
            }
        }
    }
}
