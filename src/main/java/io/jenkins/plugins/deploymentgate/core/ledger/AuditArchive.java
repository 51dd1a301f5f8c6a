package io.jenkins.plugins.deploymentgate.core.ledger;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The files of the audit ledger as a whole: reads, searches and verifies them, and removes old ones. Any thread may call.
 * Reading takes no lock and holds up nobody who writes; removing waits for verifications.
 */
public final class AuditArchive {

    /** How many lines a search looks at before it gives back what it has. */
    static final int MAX_LOOKED_AT = 20_000;

    private static final Logger LOGGER = Logger.getLogger(AuditArchive.class.getName());

    private final AuditFiles files;
    private final AuditSeal seal;
    private final AuditLedger ledger;
    private final Clock clock;
    private final ReadWriteLock removal = new ReentrantReadWriteLock();

    /**
     * @param directory where the files are; it is made when something is written
     * @param mac a keyed hash of 32 bytes; without the key nobody can make or change entries unnoticed
     */
    public AuditArchive(Path directory, UnaryOperator<byte[]> mac) {
        this(directory, mac, Clock.systemUTC(), AuditDisk.FORCED);
    }

    AuditArchive(Path directory, UnaryOperator<byte[]> mac, Clock clock, AuditDisk disk) {
        this.files = new AuditFiles(directory);
        this.seal = new AuditSeal(mac);
        this.clock = clock;
        this.ledger = new AuditLedger(files, seal, clock, disk);
    }

    /** @return by what entries are added */
    public AuditLedger ledger() {
        return ledger;
    }

    /**
     * @return the months of which there are entries, in UTC, the oldest first
     * @throws IOException if the directory cannot be read
     */
    public List<YearMonth> months() throws IOException {
        return files.months();
    }

    /** Takes the lines that are read. */
    @FunctionalInterface
    public interface Sink {

        /**
         * @param row a line
         * @throws IOException ends the reading
         */
        void accept(AuditRow row) throws IOException;
    }

    /**
     * Reads on, from the oldest entry to the latest.
     *
     * @param from the first month that is wanted; empty for all
     * @param filter which entries are wanted
     * @param sink takes them
     * @throws IOException if the sink refuses one, or a file cannot be read
     */
    public void read(Optional<YearMonth> from, AuditFilter filter, Sink sink) throws IOException {
        for (YearMonth month : files.months()) {
            if (from.filter(month::isBefore).isEmpty() && isWanted(month, filter)) {
                read(month, filter, sink);
            }
        }
    }

    private void read(YearMonth month, AuditFilter filter, Sink sink) throws IOException {
        try (AuditLines lines = new AuditLines(files.file(month))) {
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                AuditRow row = AuditLine.row(bytes, seal);
                if (lines.isComplete() && isWanted(row, filter)) {
                    sink.accept(row);
                }
            }
        } catch (NoSuchFileException e) {
            LOGGER.log(Level.FINE, e, () -> month + " was removed while it was to be read");
        }
    }

    private static boolean isWanted(YearMonth month, AuditFilter filter) {
        return filter.month().filter(wanted -> !wanted.equals(month)).isEmpty();
    }

    /** A line that says nothing is shown to whoever wants to see everything. */
    private static boolean isWanted(AuditRow row, AuditFilter filter) {
        return row.entry().map(filter::admits).orElseGet(() -> filter.equals(AuditFilter.of(filter.month())));
    }

    /**
     * Searches back, from the latest entry or from where another search has ended.
     *
     * @param filter which entries are wanted
     * @param from where to begin, as another search has said; anything else stands for the latest entry
     * @param limit how many entries are wanted; there may be fewer although there are older ones, so that a search for
     *     what is rare does not take long
     * @return what was found
     * @throws IOException if a file cannot be read
     */
    public AuditPage search(AuditFilter filter, String from, int limit) throws IOException {
        Optional<AuditPlace> start = AuditPlace.of(from);
        List<YearMonth> months = new ArrayList<>(files.months());
        months.removeIf(month -> !isWanted(month, filter)
                || start.filter(place -> month.isAfter(place.month())).isPresent());
        months.sort(Comparator.reverseOrder());
        List<AuditRow> found = new ArrayList<>();
        int lookedAt = 0;
        for (YearMonth month : months) {
            long offset = start.filter(place -> place.month().equals(month))
                    .map(AuditPlace::offset)
                    .orElse(Long.MAX_VALUE);
            try (AuditTail tail = new AuditTail(files.file(month), offset)) {
                for (byte[] bytes = tail.previous(); bytes != null; bytes = tail.previous()) {
                    AuditRow row = AuditLine.row(bytes, seal);
                    lookedAt++;
                    if (isWanted(row, filter)) {
                        found.add(row);
                    }
                    if (found.size() == limit || lookedAt == MAX_LOOKED_AT) {
                        return new AuditPage(found, Optional.of(new AuditPlace(month, tail.offset()).toString()));
                    }
                }
            } catch (FileNotFoundException e) {
                LOGGER.log(Level.FINE, e, () -> month + " was removed while it was to be searched");
            }
        }
        return new AuditPage(found, Optional.empty());
    }

    /**
     * Verifies the chain: that each entry is as it was written, that none is missing, and that none was added. Takes a
     * while; what is written meanwhile is looked at as far as it is there.
     *
     * @param from the first month to look at; empty for all
     * @param progress is told now and then how many entries were looked at, on this thread
     * @return what was found
     * @throws IOException if a file cannot be read
     */
    public AuditReport verify(Optional<YearMonth> from, LongConsumer progress) throws IOException {
        removal.readLock().lock();
        try {
            return new AuditVerifier(files, seal, ledger.head(), progress).verify(from);
        } finally {
            removal.readLock().unlock();
        }
    }

    /**
     * Removes old months, after an entry that says so is on disk. After a crash some of them may be left, and are removed
     * the next time.
     *
     * @param firstKept the oldest month to keep; the current one is kept always
     * @return the names of the files that were removed
     * @throws IOException if that cannot be recorded, or the ledger is damaged where it would begin; nothing is removed
     *     then
     */
    public List<String> purge(YearMonth firstKept) throws IOException {
        YearMonth current = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC));
        YearMonth limit = firstKept.isAfter(current) ? current : firstKept;
        List<YearMonth> old = files.months().stream().filter(limit::isAfter).toList();
        if (old.isEmpty()) {
            return List.of();
        }
        List<String> names = old.stream().map(AuditFiles::name).toList();
        ledger.append(List.of(AuditPurge.note(names, endBefore(limit), clock.instant())));
        removal.writeLock().lock();
        try {
            for (YearMonth month : old) {
                Files.deleteIfExists(files.file(month));
            }
        } finally {
            removal.writeLock().unlock();
        }
        return names;
    }

    /** By what the first entry says that is kept, so that it fits whatever was removed. */
    private AuditHead endBefore(YearMonth firstKept) throws IOException {
        for (YearMonth month : files.months()) {
            if (!month.isBefore(firstKept)) {
                try (AuditLines lines = new AuditLines(files.file(month))) {
                    byte[] first = lines.next();
                    if (first != null) {
                        return intact(first, month).before();
                    }
                }
            }
        }
        return ledger.head();
    }

    private AuditLine intact(byte[] bytes, YearMonth month) throws IOException {
        try {
            AuditLine line = AuditLine.read(bytes, seal);
            if (line.intact()) {
                return line;
            }
        } catch (AuditLine.NoEntryException e) {
            LOGGER.log(Level.FINE, e, () -> "The first line of " + month);
        }
        throw new IOException(AuditFiles.name(month) + " is damaged at its beginning, so what is before it is kept");
    }
}
