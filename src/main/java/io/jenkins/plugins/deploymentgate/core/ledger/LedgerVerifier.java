package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Verifies the chain of the audit ledger once, entry by entry, with little memory. For one thread. */
final class LedgerVerifier {

    private final LedgerFiles files;
    private final Chain.Head end;
    private final LongConsumer progress;

    private String file = "";
    private long lineNumber;
    private int fileCount;
    private long entries;

    /** The entry verified last. */
    @CheckForNull
    private Chain.Head last;

    /** The entry that the first one follows, and whether it may be missing. */
    @CheckForNull
    private Chain.Head start;

    private boolean startExplained;

    /** @param end the last entry that has to be there; more can follow */
    LedgerVerifier(LedgerFiles files, Chain.Head end, LongConsumer progress) {
        this.files = files;
        this.end = end;
        this.progress = progress;
    }

    /** @param from the first month; empty for all */
    Ledger.Report verify(Optional<YearMonth> from) throws IOException {
        List<YearMonth> all = files.months();
        List<YearMonth> wanted = all.stream()
                .filter(month -> from.filter(month::isBefore).isEmpty())
                .toList();
        Optional<LedgerProblem> problem = readEntryBefore(all.subList(0, all.size() - wanted.size()));
        for (YearMonth month : wanted) {
            if (problem.isEmpty()) {
                problem = verify(month);
            }
        }
        problem = problem.or(this::missingStart).or(this::missingEnd);
        return new Ledger.Report(fileCount, entries, problem);
    }

    /** The first wanted month has to follow the last entry of the months before. */
    private Optional<LedgerProblem> readEntryBefore(List<YearMonth> skipped) throws IOException {
        for (int i = skipped.size() - 1; i >= 0 && last == null; i--) {
            file = LedgerFiles.name(skipped.get(i));
            Optional<byte[]> bytes = LineReader.last(files.file(skipped.get(i)));
            if (bytes.isPresent()) {
                Optional<LedgerLine> line = LedgerLine.parse(bytes.get(), files.chain());
                if (line.isEmpty()) {
                    return problem(Kind.UNREADABLE, 0, 0);
                }
                last = line.get().head();
                startExplained = true;
                if (!line.get().intact()) {
                    return problem(Kind.ALTERED, last.seq(), last.seq());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<LedgerProblem> verify(YearMonth month) throws IOException {
        file = LedgerFiles.name(month);
        lineNumber = 0;
        fileCount++;
        try (LineReader lines = new LineReader(files.file(month))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                lineNumber++;
                Optional<LedgerProblem> problem = lines.isComplete() ? verify(line) : incomplete();
                if (problem.isPresent()) {
                    return problem;
                }
            }
        } catch (NoSuchFileException e) {
            return problem(Kind.MISSING, expected(), expected());
        }
        return Optional.empty();
    }

    private Optional<LedgerProblem> verify(byte[] bytes) {
        Optional<LedgerLine> parsed = LedgerLine.parse(bytes, files.chain());
        if (parsed.isEmpty()) {
            return problem(Kind.UNREADABLE, expected(), expected());
        }
        LedgerLine line = parsed.get();
        long seq = line.head().seq();
        if (!line.intact()) {
            return problem(Kind.ALTERED, seq, seq);
        } else if (last == null) {
            start = line.previous();
        } else if (seq > last.seq() + 1) {
            return problem(Kind.MISSING, last.seq() + 1, seq - 1);
        } else if (seq <= last.seq()) {
            return problem(Kind.DISORDERED, seq, seq);
        } else if (!line.previous().equals(last)) {
            return problem(Kind.UNLINKED, seq, seq);
        }
        last = line.head();
        if (seq == end.seq() && !last.equals(end)) {
            return problem(Kind.UNLINKED, seq, seq);
        }
        entries++;
        if (entries % 1000 == 0) {
            progress.accept(entries);
        }
        explainStart(line.json());
        return Optional.empty();
    }

    /** A removal of old months explains a ledger that begins where they ended, or within them after a crash. */
    private void explainStart(JsonNode json) {
        if (start != null && json.path("event").asText().equals(LedgerEvent.Kind.PURGED.toString())) {
            Chain.Head removed = Retention.lastRemoved(json.path("details"));
            startExplained |= removed.seq() > start.seq() || removed.equals(start);
        }
    }

    private Optional<LedgerProblem> missingStart() {
        return start == null || startExplained || start.equals(Chain.Head.NONE)
                ? Optional.empty()
                : LedgerProblem.of(Kind.START_MISSING, "", 1, start.seq());
    }

    private Optional<LedgerProblem> missingEnd() {
        return expected() <= end.seq()
                ? LedgerProblem.of(Kind.END_MISSING, file, expected(), end.seq())
                : Optional.empty();
    }

    /** A line after the end is being written at this moment. */
    private Optional<LedgerProblem> incomplete() {
        return expected() > end.seq() ? Optional.empty() : problem(Kind.UNREADABLE, expected(), expected());
    }

    private long expected() {
        return last == null ? 1 : last.seq() + 1;
    }

    private Optional<LedgerProblem> problem(Kind kind, long from, long to) {
        return Optional.of(new LedgerProblem(kind, file, lineNumber, from, to));
    }
}
