package io.jenkins.plugins.deploymentgate.core.ledger;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jcip.annotations.GuardedBy;

/**
 * The one thread that appends to the audit ledger. Callers queue their events and wait; the thread takes everything that is
 * queued, appends it with one flush, and answers all.
 *
 * <p>A failed append leaves no entry behind, and the next one continues as if it had not happened. After a crash the files
 * hold whatever was acknowledged, possibly followed by entries that were not; an incomplete line is cut off by {@link
 * LedgerOpening}.
 */
@SuppressFBWarnings(
        value = "AT_UNSAFE_RESOURCE_ACCESS_IN_THREAD",
        justification = "Only the writer thread uses what is not guarded by the lock.")
final class LedgerWriter {

    private static final Logger LOGGER = Logger.getLogger(LedgerWriter.class.getName());

    /** Each caller waits for its answer, so this is a number of threads. */
    private static final int MAX_QUEUED = 10_000;

    private final LedgerFiles files;
    private final InstantSource clock;
    private final LedgerFiles.Appender appender;
    private final Ledger.WriteCheck check;
    private final List<LedgerProblem> damages = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final Thread thread = new Thread(this::run, "deployment-gate-ledger");

    @GuardedBy("lock")
    private List<Append> queue = new ArrayList<>();

    @GuardedBy("lock")
    private boolean closed;

    // What follows is for the writer thread only: the last entry, the last file, and its length.
    private final LedgerCheckpoint checkpoint;
    private final List<LedgerProblem> unwritten = new ArrayList<>();
    private boolean open;
    private Chain.Head head = Chain.Head.NONE;
    private Optional<YearMonth> month = Optional.empty();
    private long length;
    private Optional<Remains> remains = Optional.empty();

    /** What a failed append may have left in a file after {@code length}. */
    private record Remains(Path file, long length) {}

    /** Events that wait to be written, and the last entry of the ledger once they are. */
    private record Append(List<LedgerEvent> events, CompletableFuture<Chain.Head> answer) {}

    LedgerWriter(LedgerFiles files, InstantSource clock, LedgerFiles.Appender appender, Ledger.WriteCheck check) {
        this.files = files;
        this.clock = clock;
        this.appender = appender;
        this.check = check;
        this.checkpoint = new LedgerCheckpoint(files);
        thread.setDaemon(true);
    }

    /** Does what {@link Ledger#append} says, and returns the last entry of the ledger at that time. */
    Chain.Head append(List<LedgerEvent> events) throws IOException {
        Append mine = new Append(List.copyOf(events), new CompletableFuture<>());
        synchronized (lock) {
            if (closed || queue.size() >= MAX_QUEUED) {
                throw new IOException("Cannot write to the audit ledger: "
                        + (closed ? "Jenkins is shutting down" : "too many threads wait for it"));
            }
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
            queue.add(mine);
            lock.notifyAll();
        }
        try {
            return mine.answer().join();
        } catch (CompletionException e) {
            throw new IOException(
                    "Cannot write to the audit ledger: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Refuses further events, writes those that are queued, and ends the thread. Waits at most half a minute for that. */
    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return damage at the end of the ledger that was detected since the start, oldest first */
    List<LedgerProblem> damages() {
        return List.copyOf(damages);
    }

    private void run() {
        for (List<Append> batch = take(); !batch.isEmpty(); batch = take()) {
            try {
                write(batch.stream().flatMap(one -> one.events().stream()).toList());
                batch.forEach(one -> one.answer().complete(head));
            } catch (IOException | RuntimeException | Error e) {
                // Callers get it, and the thread has to serve the next ones.
                batch.forEach(one -> one.answer().completeExceptionally(e));
            }
        }
    }

    /** @return what is queued, once there is something; nothing at the end */
    private List<Append> take() {
        synchronized (lock) {
            while (queue.isEmpty() && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    LOGGER.log(Level.FINE, e, () -> "Only close() ends this thread");
                }
            }
            List<Append> batch = queue;
            queue = new ArrayList<>();
            return batch;
        }
    }

    private void write(List<LedgerEvent> events) throws IOException {
        check.check();
        if (!open) {
            open();
        }
        if (events.isEmpty()) {
            return;
        }
        if (remains.isPresent()) {
            appender.append(remains.get().file(), remains.get().length(), new byte[0]);
        }
        Instant now = clock.instant();
        // Never a month before the last file, so that a clock that was set back does not change the order of the files.
        YearMonth current = Ledger.monthOf(now);
        YearMonth target = month.filter(current::isBefore).orElse(current);
        Path file = files.file(target);
        long expected = Optional.of(target).equals(month) ? length : 0;
        long start = Files.exists(file) ? Files.size(file) : 0;
        List<LedgerProblem> noticed = new ArrayList<>(unwritten);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (start != expected) {
            noticed.add(new LedgerProblem(Kind.INTERFERENCE, LedgerFiles.name(target), 0, head.seq(), head.seq()));
            if (start > 0 && LineReader.before(file, -1).end() != start) {
                bytes.write('\n');
            }
        }
        List<LedgerEvent> all = new ArrayList<>();
        for (LedgerProblem problem : noticed) {
            String id = "damaged/" + now + "/" + problem.kind();
            all.add(LedgerEvent.ofLedger(LedgerEvent.Kind.DAMAGED, id, now, Map.of("problem", problem.toString())));
        }
        all.addAll(events);
        Chain.Head next = head;
        for (LedgerEvent event : all) {
            next = LedgerLine.write(bytes, event, now, next, files.chain());
        }
        // At least what is known to be good: the file may be out of reach for the moment only.
        remains = Optional.of(new Remains(file, Math.max(start, expected)));
        appender.append(file, start, bytes.toByteArray());
        remains = Optional.empty();
        month = Optional.of(target);
        length = start + bytes.size();
        head = next;
        noticed.removeAll(unwritten);
        noticed.forEach(this::found);
        unwritten.clear();
        writeCheckpoint();
    }

    private void open() throws IOException {
        LedgerOpening.End end = new LedgerOpening(files, checkpoint).find();
        head = end.head();
        month = end.month();
        length = end.length();
        end.damage().ifPresent(problem -> {
            unwritten.add(problem);
            found(problem);
        });
        open = true;
    }

    private void found(LedgerProblem problem) {
        LOGGER.warning(() -> "The audit ledger in " + files.directory() + " is damaged: " + problem);
        damages.add(problem);
    }

    /** The entries are on disk already, so the append succeeds without it; truncation is just harder to detect. */
    private void writeCheckpoint() {
        try {
            checkpoint.write(head);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot write " + files.checkpoint());
        }
    }
}
