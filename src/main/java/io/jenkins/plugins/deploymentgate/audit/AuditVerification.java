package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditProblem;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditReport;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Verifies the audit ledger, and remembers until the next start of Jenkins what was found. Any thread may call; a
 * verification takes its time on the thread that asks for it, or in the background, where there is one at a time.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuditVerification {

    private static final Logger LOGGER = Logger.getLogger(AuditVerification.class.getName());

    private final AtomicReference<Running> running = new AtomicReference<>();
    private volatile Result latest;
    private volatile Result broken;

    /**
     * A verification that has not come to its end.
     *
     * @param since when it was begun
     * @param entries how many entries it has looked at
     */
    public record Running(Instant since, long entries) {}

    /**
     * A verification that has come to its end.
     *
     * @param at when
     * @param from the first month that it has looked at; empty for all
     * @param report what it has found
     */
    public record Result(Instant at, Optional<YearMonth> from, AuditReport report) {

        /** @return whether a good result says that a problem that was found before is gone */
        private boolean covers(AuditProblem problem) {
            return from.isEmpty()
                    || !problem.file().isEmpty()
                            && !from.get()
                                    .isAfter(YearMonth.parse(problem.file().replace(".jsonl", "")));
        }
    }

    static AuditVerification get() {
        return ExtensionList.lookupSingleton(AuditVerification.class);
    }

    /** Verifies everything in the background, unless that is being done already. */
    void start() {
        Instant now = Instant.now();
        if (running.compareAndSet(null, new Running(now, 0))) {
            Computer.threadPoolForRemoting.execute(() -> {
                try {
                    verify(Optional.empty(), entries -> running.set(new Running(now, entries)));
                } finally {
                    running.set(null);
                }
            });
        }
    }

    /**
     * Verifies the ledger on this thread.
     *
     * @param from the first month to look at; empty for all
     * @param progress is told now and then how many entries were looked at
     * @return what was found
     */
    Result verify(Optional<YearMonth> from, LongConsumer progress) {
        Result result = new Result(Instant.now(), from, report(from, progress));
        Optional<AuditProblem> problem = result.report().problem();
        problem.ifPresent(wrong -> LOGGER.warning(() -> "The chain of the audit ledger is broken: " + wrong));
        Result before = broken;
        if (problem.isPresent()) {
            broken = result;
        } else if (before != null && result.covers(before.report().problem().orElseThrow())) {
            broken = null;
        }
        latest = result;
        return result;
    }

    private static AuditReport report(Optional<YearMonth> from, LongConsumer progress) {
        try {
            return AuditLog.get().archive().verify(from, progress);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The audit ledger cannot be read");
            return new AuditReport(0, 0, Optional.of(new AuditProblem(AuditProblem.Kind.UNREADABLE, "", 0, 0, 0)));
        }
    }

    /** @return what is being done in the background; empty if nothing is */
    Optional<Running> running() {
        return Optional.ofNullable(running.get());
    }

    /** @return what was found last; empty if nobody has looked since the start */
    Optional<Result> latest() {
        return Optional.ofNullable(latest);
    }

    /** @return the problem that was found and has not been found to be gone since */
    Optional<AuditProblem> problem() {
        return Optional.ofNullable(broken).flatMap(result -> result.report().problem());
    }
}
