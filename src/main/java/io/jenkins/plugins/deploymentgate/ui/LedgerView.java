package io.jenkins.plugins.deploymentgate.ui;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.LedgerService;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;

/** The content of the audit page for one reader. */
@Restricted(NoExternalUse.class)
public class LedgerView {

    private static final int ROWS = 50;

    private final LedgerQuery query;
    private final Times times;
    private final Ledger.Page page;

    LedgerView(LedgerQuery query, Times times) throws IOException {
        this.query = query;
        this.times = times;
        this.page = LedgerService.get().search(query.filter(), query.get("from"), ROWS);
    }

    /** @return the query in the address of the page */
    public LedgerQuery getQuery() {
        return query;
    }

    /** @return entries, newest first */
    public List<Ledger.Row> getRows() {
        return page.rows();
    }

    /** @return when it happened, in the reader's time zone */
    public String time(LedgerEvent event) {
        return times.at(event.at());
    }

    /** @return the id of the person, as they write it; empty if it was no person */
    public String person(LedgerEvent event) {
        return event.user().isEmpty() ? "" : People.id(event.user());
    }

    /** @return the build, or the folder or job that protects the environment */
    public String item(LedgerEvent event) {
        int build = event.subject().build();
        return event.subject().item() + (build == 0 ? "" : " #" + build);
    }

    /** @return the address of the deployment below Jenkins' root; empty if it is gone, or the reader may not see it */
    public String link(LedgerEvent event) {
        LedgerEvent.Subject subject = event.subject();
        if (subject.deployment() == 0) {
            return "";
        }
        try {
            Job<?, ?> job = Jenkins.get().getItemByFullName(subject.item(), Job.class);
            Run<?, ?> build = job == null ? null : job.getBuildByNumber(subject.build());
            return build == null ? "" : build.getUrl() + BuildDeployments.URL_NAME + "/" + subject.deployment() + "/";
        } catch (AccessDeniedException e) {
            return "";
        }
    }

    /** @return the query of the page with older entries; empty if there are none */
    public String getOlder() {
        return page.older().map(from -> query.with("from", from)).orElse("");
    }

    /** @return whether this page does not begin with the newest entry */
    public boolean isOld() {
        return !query.get("from").isEmpty();
    }

    /** @return all kinds of events */
    public LedgerEvent.Kind[] getEvents() {
        return LedgerEvent.Kind.values();
    }

    /** @return the months that have entries, newest first */
    public List<String> getMonths() throws IOException {
        return LedgerService.get().months().stream().map(YearMonth::toString).toList();
    }

    /** @return whether a verification is in progress in the background */
    public boolean isRunning() {
        return LedgerService.get().running().isPresent();
    }

    /** @return the progress of the verification, or the result of the last one, in words */
    public String getVerification() {
        return LedgerService.get()
                .running()
                .map(running -> Messages.LedgerView_Running(times.at(running.since()), running.entries()))
                .or(() -> LedgerService.get().latest().map(this::describe))
                .orElseGet(Messages::LedgerView_NotVerified);
    }

    /** @return whether the last verification found a problem */
    public boolean isBroken() {
        return LedgerService.get()
                .latest()
                .filter(result -> result.report().problem().isPresent())
                .isPresent();
    }

    private String describe(LedgerService.Result result) {
        String at = times.at(result.at());
        long entries = result.report().entries();
        return result.report()
                .problem()
                .map(problem -> Messages.LedgerView_Broken(at, entries, LedgerService.describe(problem)))
                .or(() -> result.from().map(from -> Messages.LedgerView_SoundSince(at, entries, from.toString())))
                .orElseGet(() -> Messages.LedgerView_Sound(at, entries));
    }
}
