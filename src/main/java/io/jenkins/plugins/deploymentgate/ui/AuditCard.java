package io.jenkins.plugins.deploymentgate.ui;

import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditRow;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditSubject;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/** One line of the audit ledger, in words. What is not known is empty. */
public class AuditCard {

    private final AuditRow row;
    private final Times times;

    AuditCard(AuditRow row, Times times) {
        this.row = row;
        this.times = times;
    }

    /** @return whether its hash is right */
    public boolean isIntact() {
        return row.intact();
    }

    /** @return whether it says something that this version of the plugin knows */
    public boolean isKnown() {
        return row.entry().isPresent();
    }

    /** @return the line as it stands in the file */
    public String getLine() {
        return row.line();
    }

    /** @return its place in the ledger */
    public long getSeq() {
        return entry().map(AuditEntry::seq).orElse(0L);
    }

    /** @return when it happened, for machines */
    public String getInstant() {
        return event().map(event -> event.at().toString()).orElse("");
    }

    /** @return when it happened, for the reader */
    public String getTime() {
        return event().map(event -> times.at(event.at())).orElse("");
    }

    /** @return what happened, as the ledger calls it */
    public String getEvent() {
        return event().map(event -> event.kind().word()).orElse("");
    }

    /** @return who did it, as they write themselves */
    public String getPerson() {
        return event().map(AuditEvent::user)
                .filter(user -> !user.isEmpty())
                .map(People::id)
                .orElse("");
    }

    /** @return by what it was done, as the ledger calls it */
    public String getMeans() {
        return entry().map(entry -> entry.note().origin().means().word()).orElse("");
    }

    /** @return from where it was done */
    public String getAddress() {
        return entry().map(entry -> entry.note().origin().address()).orElse("");
    }

    /** @return the environment */
    public String getEnvironment() {
        return subject().map(AuditSubject::environment).orElse("");
    }

    /** @return the job with the number of the build, or the folder or job where the environment is protected */
    public String getItem() {
        return subject()
                .map(subject -> subject.build() == 0 ? subject.item() : subject.item() + " #" + subject.build())
                .orElse("");
    }

    /** @return the address of the deployment below Jenkins' root; empty if it is gone, or the reader may not see it */
    public String getLink() {
        return subject()
                .filter(subject -> subject.deployment() > 0)
                .flatMap(AuditCard::link)
                .orElse("");
    }

    private static Optional<String> link(AuditSubject subject) {
        Job<?, ?> job;
        try {
            job = Jenkins.get().getItemByFullName(subject.item(), Job.class);
        } catch (AccessDeniedException e) {
            return Optional.empty();
        }
        Run<?, ?> build = job == null ? null : job.getBuildByNumber(subject.build());
        return Optional.ofNullable(build)
                .map(run -> run.getUrl() + BuildDeployments.URL_NAME + "/" + subject.deployment() + "/");
    }

    /** @return their words */
    public String getComment() {
        return event().map(AuditEvent::comment).orElse("");
    }

    /** @return what else is known, by name */
    public Map<String, String> getDetails() {
        return event().map(AuditEvent::details).orElse(Map.of());
    }

    private Optional<AuditEntry> entry() {
        return row.entry();
    }

    private Optional<AuditEvent> event() {
        return entry().map(AuditEntry::event);
    }

    private Optional<AuditSubject> subject() {
        return event().map(AuditEvent::subject);
    }
}
