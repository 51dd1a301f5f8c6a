package io.jenkins.plugins.deploymentgate.core.ledger;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The audit ledger: JSON lines in one file for each month (UTC), each entry chained to the one before by a keyed hash. Any
 * thread may call. Readers take no lock and never delay writers; removing old months waits for verifications.
 */
public final class Ledger implements Closeable {

    /** How many lines a search reads before it returns what it has. */
    static final int MAX_SEARCHED = 20_000;

    private static final Logger LOGGER = Logger.getLogger(Ledger.class.getName());

    /** A month and the offset of a line in its file, as {@link Page#older} gives them. */
    private static final Pattern POSITION = Pattern.compile("([0-9]{4}-(?:0[1-9]|1[0-2]))-([0-9]{1,18})");

    private final LedgerFiles files;
    private final LedgerWriter writer;
    private final InstantSource clock;
    private final ReadWriteLock removal = new ReentrantReadWriteLock();

    /** Throws an exception that says why if this process may not write. */
    @FunctionalInterface
    public interface WriteCheck {
        void check() throws IOException;
    }

    /**
     * A line as it is in the file, without its line break; its content, empty if it is no entry that this version of the plugin
     * knows; and whether its hash is correct, which says nothing about the lines around it.
     */
    public record Row(String line, Optional<LedgerEntry> entry, boolean intact) {}

    /** The lines of one page of a search, newest first, and where the next page begins; empty at the end. */
    public record Page(List<Row> rows, Optional<String> older) {}

    /** How many files were read and entries verified, up to the first problem, if there is one. */
    public record Report(int files, long entries, Optional<LedgerProblem> problem) {}

    /** Receives the lines that are read; an exception ends the reading. */
    @FunctionalInterface
    public interface Sink {
        void accept(Row row) throws IOException;
    }

    /** Uses a directory, created at the first write, and a keyed hash of 32 bytes, whose key is needed to forge entries. */
    public Ledger(Path directory, UnaryOperator<byte[]> mac, WriteCheck check) {
        this(new LedgerFiles(directory, new Chain(mac)), check, InstantSource.system(), LedgerFiles::append);
    }

    Ledger(LedgerFiles files, WriteCheck check, InstantSource clock, LedgerFiles.Appender appender) {
        this.files = files;
        this.clock = clock;
        this.writer = new LedgerWriter(files, clock, appender, check);
    }

    /**
     * Writes entries next to each other, all or none. Blocks until they are on disk; an interrupt does not end that.
     *
     * @throws IOException if the entries are not certain to be on disk; none of them is in the ledger then
     */
    public void append(List<LedgerEvent> events) throws IOException {
        writer.append(events);
    }

    /** Refuses further events and writes those that wait. */
    @Override
    public void close() {
        writer.close();
    }

    /** @return damage at the end of the ledger that was detected since the start, oldest first */
    public List<LedgerProblem> damages() {
        return writer.damages();
    }

    /** @return the months (UTC) that have entries, oldest first */
    public List<YearMonth> months() throws IOException {
        return files.months();
    }

    /** @return the month in whose file an entry of that time is, or the first in which an event of that time can be */
    public static YearMonth monthOf(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }

    /** Reads the entries that a filter selects, oldest first, from a month on; empty for all. */
    public void read(Optional<YearMonth> from, LedgerFilter filter, Sink sink) throws IOException {
        for (YearMonth month : files.months()) {
            if (from.filter(month::isBefore).isEmpty() && filter.admits(month)) {
                read(month, filter, sink);
            }
        }
    }

    private void read(YearMonth month, LedgerFilter filter, Sink sink) throws IOException {
        try (LineReader lines = new LineReader(files.file(month))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                Row row = LedgerLine.row(line, files.chain());
                if (lines.isComplete() && filter.admits(row)) {
                    sink.accept(row);
                }
            }
        } catch (NoSuchFileException e) {
            LOGGER.log(Level.FINE, e, () -> month + " was removed before it could be read");
        }
    }

    /**
     * Searches entries, newest first.
     *
     * @param from where to begin, as {@link Page#older} returned it; anything else stands for the newest entry
     * @param limit the largest number of entries to return; there can be fewer although more follow, so that a search for
     *     rare entries does not take long
     */
    public Page search(LedgerFilter filter, String from, int limit) throws IOException {
        Matcher position = POSITION.matcher(from);
        Optional<YearMonth> start =
                position.matches() ? Optional.of(YearMonth.parse(position.group(1))) : Optional.empty();
        List<YearMonth> months = new ArrayList<>(files.months());
        months.removeIf(
                month -> !filter.admits(month) || start.filter(month::isAfter).isPresent());
        Collections.reverse(months);
        List<Row> found = new ArrayList<>();
        int searched = 0;
        for (YearMonth month : months) {
            long offset = Optional.of(month).equals(start) ? Long.parseLong(position.group(2)) : -1;
            try {
                while (offset != 0) {
                    LineReader.Block block = LineReader.before(files.file(month), offset);
                    offset = block.end();
                    for (int i = block.lines().size() - 1; i >= 0; i--) {
                        byte[] line = block.lines().get(i);
                        offset -= line.length + 1;
                        searched++;
                        Row row = LedgerLine.row(line, files.chain());
                        if (filter.admits(row)) {
                            found.add(row);
                        }
                        if (found.size() == limit || searched == MAX_SEARCHED) {
                            return new Page(found, Optional.of(month + "-" + offset));
                        }
                    }
                }
            } catch (FileNotFoundException e) {
                LOGGER.log(Level.FINE, e, () -> month + " was removed before it could be searched");
            }
        }
        return new Page(found, Optional.empty());
    }

    /**
     * Verifies that every entry is as it was written, none is missing and none was added. Takes a while; entries that are
     * written meanwhile are verified as far as they are there.
     *
     * @param from the first month; empty for all
     * @param progress called now and then with the number of entries verified so far
     * @throws IOException if a file cannot be read, or this process may not write the ledger
     */
    public Report verify(Optional<YearMonth> from, LongConsumer progress) throws IOException {
        removal.readLock().lock();
        try {
            return new LedgerVerifier(files, writer.append(List.of()), progress).verify(from);
        } finally {
            removal.readLock().unlock();
        }
    }

    /**
     * Removes old months, after an entry about it is on disk. A crash can leave some of them, which are removed the next time.
     *
     * @param firstKept the oldest month to keep; the current one is always kept
     * @throws IOException if the entry cannot be written, the first entry to keep is damaged, or the newest entry lies in the
     *     future; nothing is removed then
     */
    public List<String> purge(YearMonth firstKept) throws IOException {
        return new Retention(files, writer, removal.writeLock()).purge(firstKept, clock.instant());
    }
}
