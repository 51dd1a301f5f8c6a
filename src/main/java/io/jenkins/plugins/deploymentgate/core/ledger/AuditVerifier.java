package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditProblem.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Verifies the chain of the audit ledger once, entry by entry, with little memory. One thread. */
final class AuditVerifier {

    private final AuditFiles files;
    private final AuditSeal seal;
    private final AuditHead end;
    private final LongConsumer progress;

    @CheckForNull
    private AuditHead last;

    @CheckForNull
    private AuditHead start;

    private String file = "";
    private long lineNumber;
    private int fileCount;
    private long entries;
    private boolean startExplained;

    /**
     * @param end the last entry that has to be there; more may follow
     * @param progress is told now and then how many entries were looked at
     */
    AuditVerifier(AuditFiles files, AuditSeal seal, AuditHead end, LongConsumer progress) {
        this.files = files;
        this.seal = seal;
        this.end = end;
        this.progress = progress;
    }

    /**
     * @param from the first month to look at; empty for all
     * @return what was found
     * @throws IOException if a file cannot be read
     */
    AuditReport verify(Optional<YearMonth> from) throws IOException {
        List<YearMonth> all = files.months();
        List<YearMonth> wanted = all.stream()
                .filter(month -> from.filter(month::isBefore).isEmpty())
                .toList();
        Optional<AuditProblem> problem = link(all, wanted);
        for (YearMonth month : wanted) {
            if (problem.isEmpty()) {
                problem = verify(month);
            }
        }
        problem = problem.or(this::missingStart).or(this::missingEnd);
        return new AuditReport(fileCount, entries, problem);
    }

    /** Makes the last entry before the first month that is wanted the one that follows. */
    private Optional<AuditProblem> link(List<YearMonth> all, List<YearMonth> wanted) throws IOException {
        for (int i = all.size() - wanted.size() - 1; i >= 0 && last == null; i--) {
            file = AuditFiles.name(all.get(i));
            try (AuditTail tail = new AuditTail(files.file(all.get(i)))) {
                byte[] line = tail.previous();
                if (line != null) {
                    AuditLine before = AuditLine.read(line, seal);
                    if (!before.intact()) {
                        return problem(
                                Kind.ALTERED, before.head().seq(), before.head().seq());
                    }
                    last = before.head();
                    startExplained = true;
                }
            } catch (AuditLine.NoEntryException e) {
                return problem(Kind.UNREADABLE, 0, 0);
            }
        }
        return Optional.empty();
    }

    private Optional<AuditProblem> verify(YearMonth month) throws IOException {
        file = AuditFiles.name(month);
        lineNumber = 0;
        fileCount++;
        try (AuditLines lines = new AuditLines(files.file(month))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                lineNumber++;
                Optional<AuditProblem> problem = lines.isComplete() ? verify(line) : incomplete();
                if (problem.isPresent()) {
                    return problem;
                }
            }
        } catch (NoSuchFileException e) {
            return problem(Kind.MISSING, expected(), expected());
        }
        return Optional.empty();
    }

    private Optional<AuditProblem> verify(byte[] bytes) {
        AuditLine line;
        try {
            line = AuditLine.read(bytes, seal);
        } catch (AuditLine.NoEntryException e) {
            return problem(Kind.UNREADABLE, expected(), expected());
        }
        long seq = line.head().seq();
        if (!line.intact()) {
            return problem(Kind.ALTERED, seq, seq);
        } else if (last == null) {
            start = line.before();
        } else if (seq > last.seq() + 1) {
            return problem(Kind.MISSING, last.seq() + 1, seq - 1);
        } else if (seq <= last.seq()) {
            return problem(Kind.DISORDERED, seq, seq);
        } else if (!line.before().equals(last)) {
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

    /** An entry about a removal of old months explains why the ledger begins where they ended, or in the midst of them. */
    private void explainStart(JsonNode json) {
        if (start == null || !json.path("event").asText().equals(AuditKind.PURGED.word())) {
            return;
        }
        AuditHead removed = AuditPurge.lastRemoved(json.path("details"));
        startExplained |= removed.seq() > start.seq() || removed.equals(start);
    }

    private Optional<AuditProblem> missingStart() {
        if (start == null || startExplained || start.equals(AuditHead.NONE)) {
            return Optional.empty();
        }
        return Optional.of(new AuditProblem(Kind.START_MISSING, "", 0, 1, start.seq()));
    }

    private Optional<AuditProblem> missingEnd() {
        long reached = last == null ? 0 : last.seq();
        return reached < end.seq()
                ? Optional.of(new AuditProblem(Kind.END_MISSING, file, 0, reached + 1, end.seq()))
                : Optional.empty();
    }

    /** A line after the end is just being written. */
    private Optional<AuditProblem> incomplete() {
        return expected() > end.seq() ? Optional.empty() : problem(Kind.UNREADABLE, expected(), expected());
    }

    private long expected() {
        return last == null ? 1 : last.seq() + 1;
    }

    private Optional<AuditProblem> problem(Kind kind, long from, long to) {
        return Optional.of(new AuditProblem(kind, file, lineNumber, from, to));
    }
}
