package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records refused actions in the audit ledger, at a rate that cannot fill the disk: the first attempt at once, repetitions by
 * the same person for the same reason once a minute, with their number. A crash loses the number of at most a minute. Any
 * thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class RefusedAttempts {

    private static final Logger LOGGER = Logger.getLogger(RefusedAttempts.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** How many different attempts are recorded in a minute. */
    private static final int MAX_ATTEMPTS = 1000;

    @GuardedBy("this")
    private final Map<Attempt, Repetitions> recent = new LinkedHashMap<>();

    private record Attempt(String user, long deployment, DenialReason why) {

        LedgerEvent event(LedgerEvent.Origin origin, LedgerEvent.Subject subject, Instant at, int repeated) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("why", why.name().toLowerCase(Locale.ROOT));
            if (repeated > 0) {
                details.put("repeated", String.valueOf(repeated));
            }
            String id = deployment + "/refused/" + user + "/" + why + "/" + at;
            return new LedgerEvent(id, LedgerEvent.Kind.REFUSED, at, user, origin, subject, "", details);
        }
    }

    private record Repetitions(LedgerEvent first, Instant last, int count) {}

    /** @return the one of this controller */
    public static RefusedAttempts get() {
        return ExtensionList.lookupSingleton(RefusedAttempts.class);
    }

    /** Records an attempt, unless it was merely incomplete. The environment is empty if it is unknown. */
    public void add(Run<?, ?> build, String environment, long deployment, String user, DenialReason why, Instant now) {
        if (why.kind() == DenialReason.Kind.INCOMPLETE) {
            return;
        }
        LedgerEvent.Subject subject =
                new LedgerEvent.Subject(environment, build.getParent().getFullName(), build.getNumber(), deployment);
        Attempt attempt = new Attempt(user, deployment, why);
        LedgerEvent event = attempt.event(EventOrigins.get().current(), subject, now, 0);
        List<LedgerEvent> events;
        synchronized (this) {
            events = finished(now);
            Repetitions before = recent.get(attempt);
            if (before != null) {
                recent.put(attempt, new Repetitions(before.first(), now, before.count() + 1));
            } else if (recent.size() < MAX_ATTEMPTS) {
                recent.put(attempt, new Repetitions(event, now, 0));
                events.add(event);
            }
        }
        append(events);
    }

    /** Records the repetitions of attempts that began a minute ago or earlier. */
    public void flush(Instant now) {
        append(finished(now));
    }

    private synchronized List<LedgerEvent> finished(Instant now) {
        List<LedgerEvent> events = new ArrayList<>();
        recent.entrySet().removeIf(entry -> {
            Repetitions all = entry.getValue();
            boolean over = !now.isBefore(all.first().at().plus(PAUSE));
            if (over && all.count() > 0) {
                events.add(
                        entry.getKey().event(all.first().origin(), all.first().subject(), all.last(), all.count()));
            }
            return over;
        });
        return events;
    }

    /** Nothing was done, so nothing depends on this. Administrators are warned of the ledger anyway. */
    private static void append(List<LedgerEvent> events) {
        try {
            if (!events.isEmpty()) {
                AuditLedger.get().append(events);
            }
        } catch (LedgerUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Refused attempts that are not in the audit ledger: " + events);
        }
    }
}
