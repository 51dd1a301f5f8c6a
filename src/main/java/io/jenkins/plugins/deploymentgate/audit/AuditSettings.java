package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditKind;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditNote;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditSubject;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditedSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Tells the audit ledger of every change of the settings. What it was told last is kept in a file, against which the
 * settings are compared; so nothing is lost by a crash, nor by a ledger that cannot be written for a while, and what was
 * changed while Jenkins was down is told at the next start.
 *
 * <p>Any thread may call. Under this object's monitor the ledger and one small file are written, and nothing else is
 * asked for.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuditSettings {

    private static final Logger LOGGER = Logger.getLogger(AuditSettings.class.getName());
    private static final int LOOK_BACK = 100;

    private final Clock clock = Clock.systemUTC();
    private final List<AuditNote> owed = new ArrayList<>();
    private AuditedSettings told;
    private boolean unsaved;

    public static AuditSettings get() {
        return ExtensionList.lookupSingleton(AuditSettings.class);
    }

    /**
     * Somebody who changes something.
     *
     * @param user canonical id; empty if nobody in particular
     * @param origin from where
     */
    record Author(String user, AuditOrigin origin) {}

    /**
     * Compares the protected environments of a scope with what the ledger knows. What cannot be told now is told by
     * {@link #settle}.
     *
     * @param scope the full name of the folder or job; empty for the whole Jenkins
     * @param current gives all protected environments by name, as they are when it is asked; that is done under this
     *     object's monitor, so that what is older cannot be told after what is newer. Empty if nobody knows them
     * @param author who has changed them
     */
    synchronized void environments(String scope, Supplier<Optional<Map<String, String>>> current, Author author) {
        Map<String, String> now = current.get().orElse(null);
        if (now == null) {
            return;
        }
        Map<String, String> before = told().in(scope);
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            change(scope, name, Optional.ofNullable(before.get(name)), Optional.ofNullable(now.get(name)), author);
        }
        know(told().with(scope, now));
    }

    /** @return the full names of the folders and jobs of which the ledger was told, and perhaps the empty one */
    synchronized Set<String> scopes() {
        return Set.copyOf(told().environments().keySet());
    }

    private void change(String scope, String name, Optional<String> before, Optional<String> after, Author author) {
        if (before.equals(after)) {
            return;
        }
        AuditKind kind = before.isEmpty()
                ? AuditKind.ENVIRONMENT_PROTECTED
                : after.isEmpty() ? AuditKind.ENVIRONMENT_UNPROTECTED : AuditKind.ENVIRONMENT_CHANGED;
        Map<String, String> details = new LinkedHashMap<>();
        before.ifPresent(text -> details.put("before", text));
        after.ifPresent(text -> details.put("after", text));
        AuditNote note = note(kind, AuditSubject.environment(name, scope), details, author);
        if (author.origin() != AuditOrigin.RECOVERED || !isTold(note)) {
            owed.add(note);
        }
    }

    /**
     * Compares the retention with what the ledger knows.
     *
     * @param months how many months the ledger is kept; 0 for ever
     * @param author who has changed it
     */
    synchronized void retention(int months, Author author) {
        int before = told().retentionMonths();
        if (before != months) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("before", String.valueOf(before));
            details.put("after", String.valueOf(months));
            owed.add(note(AuditKind.RETENTION_CHANGED, AuditSubject.LEDGER, details, author));
            know(told().with(months));
        }
    }

    private AuditNote note(AuditKind kind, AuditSubject subject, Map<String, String> details, Author author) {
        Instant now = clock.instant();
        String id = "settings/" + kind + "/" + subject.item() + "/" + subject.environment() + "/" + now;
        return new AuditNote(new AuditEvent(id, kind, now, author.user(), subject, "", details), author.origin());
    }

    /** A crash may have come after the ledger was told and before that was written down, or the file may be lost. */
    private static boolean isTold(AuditNote note) {
        AuditSubject subject = note.event().subject();
        AuditFilter filter =
                new AuditFilter(subject.environment(), subject.item(), "", Optional.empty(), Optional.empty());
        try {
            return AuditLog.get().archive().search(filter, "", LOOK_BACK).rows().stream()
                    .flatMap(row -> row.entry().stream())
                    .map(entry -> entry.event())
                    .filter(event -> event.subject().equals(subject))
                    .findFirst()
                    .filter(event -> Objects.equals(
                            event.details().get("after"), note.event().details().get("after")))
                    .isPresent();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot look for " + note.event().id());
            return false;
        }
    }

    /**
     * Tells the ledger what it was not told yet.
     *
     * @return whether it knows everything now
     */
    public synchronized boolean settle() {
        try {
            if (!owed.isEmpty()) {
                AuditLog.get().append(owed);
                owed.clear();
            }
            if (unsaved) {
                told().write(file());
                unsaved = false;
            }
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The audit ledger lacks a change of the settings");
            return false;
        }
    }

    private void know(AuditedSettings now) {
        unsaved |= !now.equals(told);
        told = now;
    }

    private AuditedSettings told() {
        if (told == null) {
            try {
                told = AuditedSettings.read(file()).orElse(AuditedSettings.NONE);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "All settings are told to the audit ledger anew");
                told = AuditedSettings.NONE;
            }
        }
        return told;
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("deployment-gate/audited-settings.json");
    }
}
