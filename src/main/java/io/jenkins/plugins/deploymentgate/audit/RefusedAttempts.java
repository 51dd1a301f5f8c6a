package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditKind;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditNote;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditSubject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Tells the audit ledger of what was refused, and not so often that somebody could fill the disk with it: the first
 * attempt at once, further ones by the same person for the same reason once a minute, with their number. Any thread may
 * call. A crash loses the number of at most a minute.
 */
@Extension
@Restricted(NoExternalUse.class)
public class RefusedAttempts {

    private static final Logger LOGGER = Logger.getLogger(RefusedAttempts.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** How many different attempts are recorded in a minute; more are in Jenkins' log alone. */
    private static final int MAX_KINDS = 1000;

    private final Map<Kind, Repeated> recent = new LinkedHashMap<>();

    private record Kind(String user, long deployment, DenialReason why) {}

    private static final class Repeated {
        private final Instant since;
        private final AuditSubject subject;
        private final AuditOrigin origin;
        private Instant last;
        private int count;

        Repeated(Instant since, AuditSubject subject, AuditOrigin origin) {
            this.since = since;
            this.subject = subject;
            this.origin = origin;
            this.last = since;
        }
    }

    public static RefusedAttempts get() {
        return ExtensionList.lookupSingleton(RefusedAttempts.class);
    }

    /**
     * @param build the build
     * @param environment the environment; empty if nobody has looked
     * @param deployment the id of the deployment
     * @param user who tried
     * @param why why it was refused; what is merely incomplete is no attempt at something
     * @param now when
     */
    public void add(Run<?, ?> build, String environment, long deployment, String user, DenialReason why, Instant now) {
        if (why.kind() == DenialReason.Kind.INCOMPLETE) {
            return;
        }
        AuditSubject subject =
                new AuditSubject(environment, build.getParent().getFullName(), build.getNumber(), deployment);
        tell(noted(new Kind(user, deployment, why), subject, AuditOrigins.get().current(), now));
    }

    private synchronized List<AuditNote> noted(Kind kind, AuditSubject subject, AuditOrigin origin, Instant now) {
        List<AuditNote> notes = over(now);
        Repeated before = recent.get(kind);
        if (before != null) {
            before.count++;
            before.last = now;
        } else if (recent.size() < MAX_KINDS) {
            recent.put(kind, new Repeated(now, subject, origin));
            notes.add(note(kind, subject, origin, now, Map.of()));
        }
        return notes;
    }

    /** Tells the ledger of the attempts that were repeated until a minute ago. */
    public void flush(Instant now) {
        List<AuditNote> notes;
        synchronized (this) {
            notes = over(now);
        }
        tell(notes);
    }

    private List<AuditNote> over(Instant now) {
        List<AuditNote> notes = new ArrayList<>();
        for (Iterator<Map.Entry<Kind, Repeated>> it = recent.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<Kind, Repeated> entry = it.next();
            Repeated repeated = entry.getValue();
            if (!now.isBefore(repeated.since.plus(PAUSE))) {
                it.remove();
                if (repeated.count > 0) {
                    notes.add(note(
                            entry.getKey(),
                            repeated.subject,
                            repeated.origin,
                            repeated.last,
                            Map.of("repeated", String.valueOf(repeated.count))));
                }
            }
        }
        return notes;
    }

    private static AuditNote note(
            Kind kind, AuditSubject subject, AuditOrigin origin, Instant at, Map<String, String> more) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("why", kind.why().name().toLowerCase(Locale.ROOT));
        details.putAll(more);
        String id = kind.deployment() + "/refused/" + kind.user() + "/" + kind.why() + "/" + at;
        return new AuditNote(new AuditEvent(id, AuditKind.REFUSED, at, kind.user(), subject, "", details), origin);
    }

    /** Nothing was done, so nothing is taken back if this fails; an administrator is warned all the same. */
    private static void tell(List<AuditNote> notes) {
        try {
            if (!notes.isEmpty()) {
                AuditLog.get().append(notes);
            }
        } catch (AuditUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Refused attempts are in this log alone: " + notes);
        }
    }
}
