package io.jenkins.plugins.deploymentgate.core.ledger;

import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Finds the end of the ledger at its first use, from the last file and the checkpoint alone. An incomplete last line was never
 * acknowledged: it is moved to a file of its own. All other damage stays as evidence, and the ledger continues after it.
 */
record LedgerOpening(LedgerFiles files, LedgerCheckpoint checkpoint) {

    private static final Logger LOGGER = Logger.getLogger(LedgerOpening.class.getName());

    /** The entry that the next one follows, the last file (empty if there is none) and its length, and what is wrong. */
    record End(Chain.Head head, Optional<YearMonth> month, long length, Optional<LedgerProblem> damage) {}

    End find() throws IOException {
        Optional<Chain.Head> known = checkpoint.read();
        List<YearMonth> months = files.months();
        Optional<YearMonth> last = months.stream().reduce((first, second) -> second);
        long length = last.isEmpty() ? 0 : cutOffIncompleteLine(files.file(last.get()));
        for (int i = months.size() - 1; i >= 0; i--) {
            Optional<byte[]> line = LineReader.last(files.file(months.get(i)));
            if (line.isPresent()) {
                Optional<LedgerLine> parsed = LedgerLine.parse(line.get(), files.chain());
                return end(LedgerFiles.name(months.get(i)), parsed, known, last, length);
            }
        }
        Chain.Head head = known.orElse(Chain.Head.NONE);
        Optional<LedgerProblem> damage = Optional.empty();
        if (known.isPresent()) {
            damage = LedgerProblem.of(Kind.END_MISSING, "", 1, head.seq());
        } else if (checkpoint.exists()) {
            damage = LedgerProblem.of(Kind.CHECKPOINT_ALTERED, "", 0, 0);
        }
        return new End(head, last, length, damage);
    }

    private End end(
            String file,
            Optional<LedgerLine> line,
            Optional<Chain.Head> known,
            Optional<YearMonth> month,
            long length) {
        Chain.Head head = line.map(LedgerLine::head).orElse(known.orElse(Chain.Head.NONE));
        Chain.Head last = known.orElse(head);
        Kind wrong = null;
        if (line.isEmpty()) {
            wrong = Kind.UNREADABLE;
        } else if (last.seq() > head.seq()) {
            return new End(last, month, length, LedgerProblem.of(Kind.END_MISSING, file, head.seq() + 1, last.seq()));
        } else if (!line.get().intact()) {
            wrong = Kind.ALTERED;
        } else if (known.isEmpty()) {
            wrong = checkpoint.exists() ? Kind.CHECKPOINT_ALTERED : Kind.CHECKPOINT_LOST;
        } else if (last.seq() == head.seq() && !last.equals(head)) {
            wrong = Kind.DISORDERED;
        }
        return new End(
                head,
                month,
                length,
                wrong == null ? Optional.empty() : LedgerProblem.of(wrong, file, head.seq(), head.seq()));
    }

    /** @return the length of the file without the line */
    private static long cutOffIncompleteLine(Path file) throws IOException {
        long length = Files.size(file);
        long complete = LineReader.before(file, -1).end();
        if (complete == length) {
            return length;
        }
        try (RandomAccessFile ledger = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] incomplete = new byte[(int) Math.min(length - complete, LineReader.MAX_LINE)];
            ledger.seek(complete);
            ledger.readFully(incomplete);
            Path copy = file.resolveSibling(file.getFileName() + ".incomplete-" + System.currentTimeMillis());
            Files.write(copy, incomplete);
            ledger.setLength(complete);
            ledger.getFD().sync();
            LOGGER.warning(() -> "The last line of the audit ledger " + file + " was incomplete and was moved to "
                    + copy + ". It had never been acknowledged.");
        }
        return complete;
    }
}
