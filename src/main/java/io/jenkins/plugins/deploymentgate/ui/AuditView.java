package io.jenkins.plugins.deploymentgate.ui;

import io.jenkins.plugins.deploymentgate.audit.AuditService;
import io.jenkins.plugins.deploymentgate.audit.AuditVerification;
import io.jenkins.plugins.deploymentgate.audit.AuditWording;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditKind;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditPage;
import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import java.util.stream.Stream;

/** What the page of the audit ledger shows to one reader. */
public class AuditView {

    private static final int ROWS = 50;

    private final AuditQuery query;
    private final Times times;
    private final AuditPage page;

    AuditView(AuditQuery query, Times times) throws IOException {
        this.query = query;
        this.times = times;
        this.page = AuditService.get().search(query.filter(), query.from(), ROWS);
    }

    /** @return what the reader wants to see */
    public AuditQuery getQuery() {
        return query;
    }

    /** @return entries, the latest first */
    public List<AuditCard> getRows() {
        return page.rows().stream().map(row -> new AuditCard(row, times)).toList();
    }

    /** @return the address of older entries; empty if there are none */
    public String getOlder() {
        return page.older().map(query::startingAt).orElse("");
    }

    /** @return whether the reader has gone back already */
    public boolean isOld() {
        return !query.from().isEmpty();
    }

    /** @return the words of all events */
    public List<String> getEvents() {
        return Stream.of(AuditKind.values()).map(AuditKind::word).toList();
    }

    /**
     * @return the months to choose from, the latest first
     * @throws IOException if the ledger cannot be read
     */
    public List<String> getMonths() throws IOException {
        return AuditService.get().months().stream().map(YearMonth::toString).toList();
    }

    /** @return whether a verification is under way in the background */
    public boolean isRunning() {
        return AuditService.get().running().isPresent();
    }

    /** @return how the verification goes, or what the last one has found, in words */
    public String getVerification() {
        return AuditService.get()
                .running()
                .map(running -> Messages.AuditView_Running(times.at(running.since()), running.entries()))
                .or(() -> AuditService.get().latest().map(this::describe))
                .orElseGet(Messages::AuditView_NotVerified);
    }

    /** @return whether the last verification has found something */
    public boolean isBroken() {
        return AuditService.get()
                .latest()
                .filter(result -> result.report().problem().isPresent())
                .isPresent();
    }

    private String describe(AuditVerification.Result result) {
        String at = times.at(result.at());
        long entries = result.report().entries();
        if (result.report().problem().isPresent()) {
            return Messages.AuditView_Broken(
                    at, entries, AuditWording.describe(result.report().problem().get()));
        }
        return result.from()
                .map(from -> Messages.AuditView_SoundSince(at, entries, from.toString()))
                .orElseGet(() -> Messages.AuditView_Sound(at, entries));
    }
}
