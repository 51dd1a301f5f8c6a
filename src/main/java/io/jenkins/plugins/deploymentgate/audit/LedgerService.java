package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerProblem;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The audit ledger for pages and commands. Reading it needs Overall/SystemRead, verifying it and changing its retention need
 * Overall/Administer; the methods check that. Remembers the last verification until the next start. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class LedgerService {

    private static final Logger LOGGER = Logger.getLogger(LedgerService.class.getName());

    private final AtomicReference<Running> running = new AtomicReference<>();
    private volatile Result latest;
    private volatile Result broken;

    /** A verification in progress: when it began, and how many entries were verified so far. */
    public record Running(Instant since, long entries) {}

    /** A finished verification: when it ended, the first month that was verified (empty for all), and the result. */
    public record Result(Instant at, Optional<YearMonth> from, Ledger.Report report) {}

    /** @return the one of this controller */
    public static LedgerService get() {
        return ExtensionList.lookupSingleton(LedgerService.class);
    }

    private static Ledger readable() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return AuditLedger.get().ledger();
    }

    /** Searches entries, newest first, as {@link Ledger#search} does. */
    public Ledger.Page search(LedgerFilter filter, String from, int limit) throws IOException {
        return readable().search(filter, from, limit);
    }

    /** @return the months (UTC) that have entries, newest first */
    public List<YearMonth> months() throws IOException {
        return readable().months().stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** Writes entries in a format, oldest first. {@code out} stays open. */
    public void export(LedgerFilter filter, LedgerExport format, OutputStream out) throws IOException {
        Ledger ledger = readable();
        out.write(format.head().getBytes(StandardCharsets.UTF_8));
        ledger.read(Optional.empty(), filter, row -> out.write(format.line(row).getBytes(StandardCharsets.UTF_8)));
    }

    /** Verifies everything in the background, unless a verification is in progress there. */
    public void startVerification() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        verifyInBackground(Optional.empty());
    }

    void verifyInBackground(Optional<YearMonth> from) {
        Instant since = Instant.now();
        if (!running.compareAndSet(null, new Running(since, 0))) {
            return;
        }
        try {
            BackgroundWork.get().execute(() -> {
                try {
                    verifyUnchecked(from, entries -> running.set(new Running(since, entries)));
                } finally {
                    running.set(null);
                }
            });
        } catch (RejectedExecutionException e) {
            running.set(null);
            throw e;
        }
    }

    /** Verifies the ledger on this thread, which can take minutes, from a month on; empty for all. */
    public Result verify(Optional<YearMonth> from) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return verifyUnchecked(from, entries -> {});
    }

    private Result verifyUnchecked(Optional<YearMonth> from, LongConsumer progress) {
        Ledger.Report report;
        try {
            report = AuditLedger.get().ledger().verify(from, progress);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The audit ledger cannot be verified");
            report =
                    new Ledger.Report(0, 0, Optional.of(new LedgerProblem(LedgerProblem.Kind.UNREADABLE, "", 0, 0, 0)));
        }
        Result result = new Result(Instant.now(), from, report);
        report.problem()
                .ifPresent(problem -> LOGGER.warning(() -> "The chain of the audit ledger is broken: " + problem));
        // A good result of some months says nothing about a problem in an earlier one.
        Optional<String> file = problem().map(LedgerProblem::file);
        if (report.problem().isPresent()) {
            broken = result;
        } else if (from.isEmpty()
                || file.filter(name -> name.compareTo(from.get().toString()) < 0)
                        .isEmpty()) {
            broken = null;
        }
        latest = result;
        return result;
    }

    /** @return the verification in the background; empty if there is none */
    public Optional<Running> running() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return Optional.ofNullable(running.get());
    }

    /** @return the last verification since the start of Jenkins; empty if there was none */
    public Optional<Result> latest() {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return Optional.ofNullable(latest);
    }

    /** @return what administrators have to know, in the reader's language; empty if all is well. Reads no file. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        AuditLedger.get().outage().map(Messages::LedgerService_Outage).ifPresent(warnings::add);
        List<LedgerProblem> problems =
                new ArrayList<>(AuditLedger.get().ledger().damages());
        problem().ifPresent(problems::add);
        problems.stream().distinct().map(LedgerService::describe).forEach(warnings::add);
        return warnings;
    }

    private Optional<LedgerProblem> problem() {
        return Optional.ofNullable(broken).flatMap(result -> result.report().problem());
    }

    /** @return the problem in words, in the reader's language */
    public static String describe(LedgerProblem problem) {
        String what =
                switch (problem.kind()) {
                    case UNREADABLE -> Messages.LedgerProblem_Unreadable();
                    case ALTERED -> Messages.LedgerProblem_Altered(problem.from());
                    case MISSING -> Messages.LedgerProblem_Missing(problem.from(), problem.to());
                    case DISORDERED -> Messages.LedgerProblem_Disordered(problem.from());
                    case UNLINKED -> Messages.LedgerProblem_Unlinked(problem.from());
                    case START_MISSING -> Messages.LedgerProblem_StartMissing(problem.to());
                    case END_MISSING -> Messages.LedgerProblem_EndMissing(problem.from(), problem.to());
                    case CHECKPOINT_LOST -> Messages.LedgerProblem_CheckpointLost();
                    case CHECKPOINT_ALTERED -> Messages.LedgerProblem_CheckpointAltered();
                    case INTERFERENCE -> Messages.LedgerProblem_Interference();
                };
        String where = problem.line() > 0
                ? Messages.LedgerProblem_Line(problem.file(), problem.line())
                : Messages.LedgerProblem_File(problem.file());
        return problem.file().isEmpty() ? what : what + " " + where;
    }
}
