package io.jenkins.plugins.deploymentgate.audit;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Kind;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Origin;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Subject;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import io.jenkins.plugins.deploymentgate.core.record.DurableFile;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records changes of the settings in the audit ledger. A file keeps the settings as they were last recorded, and the current
 * ones are compared with it. So no change is lost by a crash or while the ledger cannot be written, and changes made while
 * Jenkins was down are recorded at the next start.
 *
 * <p>Any thread may call. The ledger and the file are written under the monitor of this object, and no other lock is taken.
 */
@Extension
@Restricted(NoExternalUse.class)
public class SettingsRecorder {

    private static final Logger LOGGER = Logger.getLogger(SettingsRecorder.class.getName());
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** How many entries about an environment are searched for its last change. */
    private static final int SEARCHED = 100;

    @GuardedBy("this")
    private final List<LedgerEvent> unwritten = new ArrayList<>();

    @GuardedBy("this")
    private Recorded recorded;

    @GuardedBy("this")
    private boolean unsaved;

    /** The content of the file: months to keep the ledger, and the protected environments by scope and name. */
    record Recorded(int retention, Map<String, Map<String, String>> environments) {

        Recorded {
            Objects.requireNonNull(environments);
        }

        Recorded with(String scope, Map<String, String> names) {
            Map<String, Map<String, String>> all = new TreeMap<>(environments);
            all.put(scope, names);
            all.values().removeIf(Map::isEmpty);
            return new Recorded(retention, all);
        }
    }

    /** Who changes settings; the canonical id is empty if it is no person, or unknown. */
    record Author(String user, Origin origin) {}

    /** @return the one of this controller */
    public static SettingsRecorder get() {
        return ExtensionList.lookupSingleton(SettingsRecorder.class);
    }

    /** @return values of settings as JSON, equal for equal values */
    static String describe(Map<String, ?> values) {
        return MAPPER.valueToTree(values).toString();
    }

    /**
     * Compares the protected environments of a scope with the recorded ones. {@link #write} writes the differences.
     *
     * @param scope full name of the folder or job; empty for the whole Jenkins
     * @param current returns the settings by name; empty if they cannot be read. Called under the monitor of this object, so
     *     that an older state cannot be recorded after a newer one
     */
    synchronized void environments(String scope, Supplier<Optional<Map<String, String>>> current, Author author) {
        Map<String, String> now = current.get().orElse(null);
        if (now == null || !load()) {
            return;
        }
        Map<String, String> before = recorded.environments().getOrDefault(scope, Map.of());
        Stream.of(before, now)
                .flatMap(names -> names.keySet().stream())
                .sorted()
                .distinct()
                .forEach(name -> change(new Subject(name, scope, 0, 0), before.get(name), now.get(name), author));
        update(recorded.with(scope, now));
    }

    /** @return the recorded scopes; the empty one stands for the whole Jenkins */
    synchronized Set<String> scopes() {
        return load() ? Set.copyOf(recorded.environments().keySet()) : Set.of();
    }

    private void change(Subject subject, String before, String after, Author author) {
        if (Objects.equals(before, after)) {
            return;
        }
        Kind changed = after == null ? Kind.ENVIRONMENT_UNPROTECTED : Kind.ENVIRONMENT_CHANGED;
        Kind kind = before == null ? Kind.ENVIRONMENT_PROTECTED : changed;
        // A crash may have come between the write of the ledger and that of the file, or the file may be lost.
        if (author.origin() != Origin.RECOVERED || !isLast(subject, after)) {
            add(kind, subject, before, after, author);
        }
    }

    /** Compares the retention with the recorded one. */
    synchronized void retention(int months, Author author) {
        if (load() && recorded.retention() != months) {
            String before = String.valueOf(recorded.retention());
            add(Kind.RETENTION_CHANGED, Subject.LEDGER, before, String.valueOf(months), author);
            update(new Recorded(months, recorded.environments()));
        }
    }

    private void add(Kind kind, Subject subject, String before, String after, Author author) {
        Instant now = Instant.now();
        String id = "settings/" + kind + "/" + subject.item() + "/" + subject.environment() + "/" + now;
        Map<String, String> details = new LinkedHashMap<>();
        details.put("before", before);
        details.put("after", after);
        details.values().removeIf(Objects::isNull);
        unwritten.add(new LedgerEvent(id, kind, now, author.user(), author.origin(), subject, "", details));
    }

    /** @return whether the last entry about an environment has these settings */
    private static boolean isLast(Subject subject, String settings) {
        Optional<Kind> anyKind = Optional.empty();
        LedgerFilter filter = new LedgerFilter(subject.environment(), subject.item(), "", anyKind, Optional.empty());
        try {
            return AuditLedger.get().ledger().search(filter, "", SEARCHED).rows().stream()
                    .flatMap(row -> row.entry().stream().map(LedgerEntry::event))
                    .filter(event -> event.subject().equals(subject))
                    .limit(1)
                    .anyMatch(event -> Objects.equals(event.details().get("after"), settings));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot search the audit ledger for " + subject);
            return false;
        }
    }

    /** Writes what is not written yet. If that fails, the next call tries again. */
    public synchronized void write() {
        try {
            if (!unwritten.isEmpty()) {
                AuditLedger.get().append(unwritten);
                unwritten.clear();
            }
            if (unsaved) {
                ControllerLock.get().checkOwned();
                DurableFile.write(file(), MAPPER.writeValueAsString(recorded) + "\n");
                unsaved = false;
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "A change of the settings is not in the audit ledger yet");
        }
    }

    private void update(Recorded now) {
        unsaved |= !now.equals(recorded);
        recorded = now;
    }

    /** @return whether there is something to compare with; not while another controller can change it */
    private boolean load() {
        try {
            if (recorded == null) {
                ControllerLock.get().checkOwned();
                recorded = new Recorded(0, Map.of());
                if (Files.exists(file())) {
                    recorded = MAPPER.readValue(Files.readString(file()), Recorded.class);
                }
            }
        } catch (UnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Settings are compared with the audit ledger later");
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "All settings are recorded in the audit ledger again");
        }
        return recorded != null;
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve("deployment-gate/audited-settings.json");
    }
}
