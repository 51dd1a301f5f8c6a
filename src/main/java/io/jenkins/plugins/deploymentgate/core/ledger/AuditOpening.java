package io.jenkins.plugins.deploymentgate.core.ledger;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditProblem.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Finds out at the first use of the ledger where it ends, from the end of its last file and the anchor alone. A last line
 * that is incomplete was never acknowledged: it is set aside and cut off. Whatever else is wrong stays as it is, as
 * evidence, and the ledger goes on after it.
 */
final class AuditOpening {

    private static final Logger LOGGER = Logger.getLogger(AuditOpening.class.getName());

    private final AuditFiles files;
    private final AuditSeal seal;
    private final LedgerCheckpoint anchor;

    AuditOpening(AuditFiles files, AuditSeal seal, LedgerCheckpoint anchor) {
        this.files = files;
        this.seal = seal;
        this.anchor = anchor;
    }

    /**
     * Where the ledger ends.
     *
     * @param head what the next entry follows
     * @param month the file that the next entry must not stand before; null if there is none
     * @param length of that file
     * @param damage what was found to be wrong
     */
    record End(AuditHead head, @CheckForNull YearMonth month, long length, Optional<AuditProblem> damage) {}

    End find() throws IOException {
        Optional<AuditHead> anchored = anchor.read();
        List<YearMonth> months = files.months();
        if (months.isEmpty()) {
            return withoutFiles(anchored);
        }
        YearMonth month = months.get(months.size() - 1);
        long length = cutOffIncompleteLine(files.file(month));
        for (int i = months.size() - 1; i >= 0; i--) {
            byte[] last = lastLine(files.file(months.get(i)));
            if (last != null) {
                return judge(AuditFiles.name(months.get(i)), last, anchored, month, length);
            }
        }
        End end = withoutFiles(anchored);
        return new End(end.head(), month, length, end.damage());
    }

    private End withoutFiles(Optional<AuditHead> anchored) {
        if (anchored.isPresent()) {
            AuditHead head = anchored.get();
            return new End(head, null, 0, Optional.of(new AuditProblem(Kind.END_MISSING, "", 0, 1, head.seq())));
        }
        return new End(
                AuditHead.NONE,
                null,
                0,
                anchor.exists() ? Optional.of(new AuditProblem(Kind.ANCHOR_ALTERED, "", 0, 0, 0)) : Optional.empty());
    }

    @CheckForNull
    private static byte[] lastLine(Path file) throws IOException {
        try (AuditTail tail = new AuditTail(file)) {
            return tail.previous();
        }
    }

    private End judge(String file, byte[] last, Optional<AuditHead> anchored, YearMonth month, long length) {
        AuditLine line;
        try {
            line = AuditLine.read(last, seal);
        } catch (AuditLine.NoEntryException e) {
            AuditHead head = anchored.orElse(AuditHead.NONE);
            return new End(head, month, length, problem(Kind.UNREADABLE, file, head.seq(), head.seq()));
        }
        AuditHead end = line.head();
        if (anchored.filter(head -> head.seq() > end.seq()).isPresent()) {
            AuditHead head = anchored.get();
            return new End(head, month, length, problem(Kind.END_MISSING, file, end.seq() + 1, head.seq()));
        } else if (!line.intact()) {
            return new End(end, month, length, problem(Kind.ALTERED, file, end.seq(), end.seq()));
        } else if (anchored.isEmpty()) {
            Kind kind = anchor.exists() ? Kind.ANCHOR_ALTERED : Kind.ANCHOR_LOST;
            return new End(end, month, length, problem(kind, file, end.seq(), end.seq()));
        } else if (anchored.get().seq() == end.seq() && !anchored.get().equals(end)) {
            return new End(end, month, length, problem(Kind.DISORDERED, file, end.seq(), end.seq()));
        }
        return new End(end, month, length, Optional.empty());
    }

    private static Optional<AuditProblem> problem(Kind kind, String file, long from, long to) {
        return Optional.of(new AuditProblem(kind, file, 0, from, to));
    }

    /** @return how long the file is without it */
    private static long cutOffIncompleteLine(Path file) throws IOException {
        long length = Files.size(file);
        long complete;
        try (AuditTail tail = new AuditTail(file)) {
            complete = tail.offset();
        }
        if (complete == length) {
            return length;
        }
        try (RandomAccessFile ledger = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] incomplete = new byte[(int) Math.min(length - complete, AuditLines.MAX_LINE)];
            ledger.seek(complete);
            ledger.readFully(incomplete);
            Path aside = file.resolveSibling(file.getFileName() + ".incomplete-" + System.currentTimeMillis());
            Files.write(aside, incomplete);
            ledger.setLength(complete);
            ledger.getFD().sync();
            LOGGER.warning(() -> "The last line of the audit ledger " + file + " was incomplete and is now in " + aside
                    + "; nobody was told that it had been written");
        }
        return complete;
    }
}
