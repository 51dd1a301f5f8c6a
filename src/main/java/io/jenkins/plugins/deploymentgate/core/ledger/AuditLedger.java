package io.jenkins.plugins.deploymentgate.core.ledger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Appends to the audit ledger: JSON lines in one file for each month (UTC), each entry chained to the one before by a
 * keyed hash.
 *
 * <p>Any thread may call. One of the callers writes for all who wait, with one flush to disk, and no lock is held
 * meanwhile. An append that fails leaves nothing, and the next one begins as if it had not been. After a crash there is
 * what was acknowledged, maybe followed by what was not; an incomplete line is cut off when the ledger is used again.
 */
public final class AuditLedger {

    private static final Logger LOGGER = Logger.getLogger(AuditLedger.class.getName());

    private final AuditFiles files;
    private final AuditSeal seal;
    private final LedgerCheckpoint anchor;
    private final Clock clock;
    private final AuditDisk disk;
    private final List<AuditProblem> damages = new CopyOnWriteArrayList<>();

    private final Object lock = new Object();
    private List<Waiting> queue = new ArrayList<>();
    private boolean busy;

    // What follows is changed only by the thread that is busy.
    private boolean open;
    private volatile AuditHead head = AuditHead.NONE;

    @CheckForNull
    private YearMonth month;

    private long length;

    @CheckForNull
    private Remains remains;

    private final List<AuditProblem> unwritten = new ArrayList<>();
    private boolean anchored = true;

    /** What an append that failed may have left after the end of a file. */
    private record Remains(Path file, long length) {}

    /** Somebody who waits for an append. */
    private static final class Waiting {

        private final List<AuditNote> notes;
        private boolean done;

        @CheckForNull
        private Exception failure;

        Waiting(List<AuditNote> notes) {
            this.notes = notes;
        }
    }

    AuditLedger(AuditFiles files, AuditSeal seal, Clock clock, AuditDisk disk) {
        this.files = files;
        this.seal = seal;
        this.clock = clock;
        this.disk = disk;
        this.anchor = new LedgerCheckpoint(files.anchor(), seal);
    }

    /**
     * Writes entries, all or none, one after the other.
     *
     * @param notes what happened
     * @throws IOException if they are not certain to be on disk; none of them stands in the ledger then
     */
    public void append(List<AuditNote> notes) throws IOException {
        Waiting mine = new Waiting(List.copyOf(notes));
        List<Waiting> batch = await(mine);
        if (!batch.isEmpty()) {
            serve(batch);
        }
        if (mine.failure != null) {
            throw new IOException("Cannot write to the audit ledger: " + mine.failure.getMessage(), mine.failure);
        }
    }

    /** @return where the ledger ends, at some instant during this call */
    AuditHead head() throws IOException {
        append(List.of());
        return head;
    }

    /** @return what was found to be wrong at the end of the ledger since Jenkins has started */
    public List<AuditProblem> damages() {
        return List.copyOf(damages);
    }

    /** Waits until somebody has written this, or until it is this thread's turn to write for all. */
    private List<Waiting> await(Waiting mine) {
        boolean interrupted = false;
        try {
            synchronized (lock) {
                queue.add(mine);
                while (busy && !mine.done) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (mine.done) {
                    return List.of();
                }
                busy = true;
                List<Waiting> batch = queue;
                queue = new ArrayList<>();
                return batch;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void serve(List<Waiting> batch) {
        Exception failure = new IllegalStateException("the thread that wrote it was stopped");
        try {
            openOnce();
            List<AuditNote> notes =
                    batch.stream().flatMap(waiting -> waiting.notes.stream()).toList();
            if (!notes.isEmpty()) {
                cutBack();
                write(notes);
            }
            failure = null;
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            synchronized (lock) {
                for (Waiting waiting : batch) {
                    waiting.failure = failure;
                    waiting.done = true;
                }
                busy = false;
                lock.notifyAll();
            }
        }
    }

    private void openOnce() throws IOException {
        if (open) {
            return;
        }
        AuditOpening.End end = new AuditOpening(files, seal, anchor).find();
        head = end.head();
        month = end.month();
        length = end.length();
        end.damage().ifPresent(unwritten::add);
        unwritten.forEach(this::found);
        open = true;
    }

    private void found(AuditProblem problem) {
        LOGGER.warning(() -> "The audit ledger in " + files.directory() + " is damaged: " + problem);
        damages.add(problem);
    }

    private void cutBack() throws IOException {
        if (remains != null) {
            disk.append(remains.file(), remains.length(), new byte[0]);
            remains = null;
        }
    }

    private void write(List<AuditNote> notes) throws IOException {
        Instant now = clock.instant();
        YearMonth target = monthOf(now);
        Path file = files.file(target);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long expected = target.equals(month) ? length : 0;
        long start = endOf(file, expected, bytes);
        AuditHead next = head;
        List<AuditProblem> noticed = new ArrayList<>(unwritten);
        if (start != expected) {
            noticed.add(new AuditProblem(
                    AuditProblem.Kind.INTERFERENCE, AuditFiles.name(target), 0, head.seq(), head.seq()));
        }
        List<AuditNote> all = new ArrayList<>();
        noticed.forEach(problem -> all.add(damaged(problem, now)));
        all.addAll(notes);
        for (AuditNote note : all) {
            AuditLine.Written line = AuditLine.write(new AuditEntry(next.seq() + 1, now, note), next.hash(), seal);
            bytes.writeBytes(line.bytes());
            next = line.head();
        }
        // Never less than is known to be good, for the file may just be out of reach.
        remains = new Remains(file, Math.max(start, expected));
        disk.append(file, start, bytes.toByteArray());
        remains = null;
        month = target;
        length = start + bytes.size();
        head = next;
        noticed.removeAll(unwritten);
        noticed.forEach(this::found);
        unwritten.clear();
        remember(next);
    }

    /** Never one before the last, so that a clock that is set back does not spoil the order of the files. */
    private YearMonth monthOf(Instant now) {
        YearMonth current = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        return month != null && month.isAfter(current) ? month : current;
    }

    /** What others have done to the file stays as evidence, and what is to be written follows in a line of its own. */
    private static long endOf(Path file, long expected, ByteArrayOutputStream bytes) throws IOException {
        long actual = Files.exists(file) ? Files.size(file) : 0;
        if (actual != expected && actual > 0) {
            try (AuditTail tail = new AuditTail(file)) {
                if (tail.offset() != actual) {
                    bytes.write('\n');
                }
            }
        }
        return actual;
    }

    private static AuditNote damaged(AuditProblem problem, Instant now) {
        return new AuditNote(
                new AuditEvent(
                        "damaged/" + now + "/" + problem.kind(),
                        AuditKind.DAMAGED,
                        now,
                        "",
                        AuditSubject.LEDGER,
                        "",
                        Map.of("problem", problem.toString())),
                AuditOrigin.SYSTEM);
    }

    /** The entry is on disk already, so this failing is no reason to fail: the end of the ledger is less protected then. */
    private void remember(AuditHead last) {
        try {
            anchor.write(last);
            anchored = true;
        } catch (IOException e) {
            LOGGER.log(anchored ? Level.WARNING : Level.FINE, e, () -> "Cannot write " + files.anchor());
            anchored = false;
        }
    }
}
