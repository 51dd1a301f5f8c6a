package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditArchive;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditNote;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.HMACConfidentialKey;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The audit ledger of this Jenkins, and whether it can be written. Any thread may call; a call that writes returns when it
 * is on disk. The key of its hashes is in {@code secrets/}, encrypted by Jenkins.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuditLog {

    private static final Logger LOGGER = Logger.getLogger(AuditLog.class.getName());

    private final HMACConfidentialKey key = new HMACConfidentialKey(AuditLog.class, "chain");
    private final AuditArchive archive =
            new AuditArchive(Jenkins.get().getRootDir().toPath().resolve("deployment-gate/audit"), this::mac);
    private final Object completion = new Object();
    private volatile String outage;

    public static AuditLog get() {
        return ExtensionList.lookupSingleton(AuditLog.class);
    }

    private byte[] mac(byte[] bytes) {
        try {
            return key.mac(bytes);
        } catch (Error e) {
            // What core throws if it cannot read the key.
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    public AuditArchive archive() {
        return archive;
    }

    /** @return why the ledger cannot be written; empty if it can, as far as is known */
    public Optional<String> outage() {
        return Optional.ofNullable(outage);
    }

    /**
     * Writes entries, all or none.
     *
     * @param notes what happened
     * @throws AuditUnavailableException if they are not certain to be on disk; none of them is in the ledger then
     */
    public void append(List<AuditNote> notes) throws AuditUnavailableException {
        try {
            archive.ledger().append(notes);
        } catch (IOException e) {
            LOGGER.log(outage == null ? Level.WARNING : Level.FINE, e, () -> "The audit ledger cannot be written");
            outage = String.valueOf(e.getMessage());
            throw new AuditUnavailableException(e);
        }
        if (outage != null) {
            outage = null;
            LOGGER.info("The audit ledger can be written again");
        }
    }

    /**
     * Writes what the ledger lacks of the events of a deployment. Two calls exclude each other, so that nothing is
     * written twice.
     *
     * @param events all that has happened, by the file of the deployment
     * @param owed some of these whose origin is known
     * @param from the month of the first
     * @throws AuditUnavailableException if the ledger cannot be read or written; nothing has changed then
     */
    public void complete(List<AuditEvent> events, List<AuditNote> owed, YearMonth from)
            throws AuditUnavailableException {
        synchronized (completion) {
            long deployment = events.isEmpty() ? 0 : events.get(0).subject().deployment();
            Set<String> there = idsOf(Set.of(deployment), from).getOrDefault(deployment, Set.of());
            complete(events, owed, there);
        }
    }

    /** The same, if it is known already what is there. */
    public void complete(List<AuditEvent> events, List<AuditNote> owed, Set<String> there)
            throws AuditUnavailableException {
        Map<String, AuditOrigin> origins = new HashMap<>();
        owed.forEach(note -> origins.put(note.event().id(), note.origin()));
        List<AuditNote> missing = new ArrayList<>();
        for (AuditEvent event : events) {
            if (!there.contains(event.id())) {
                missing.add(new AuditNote(event, origins.getOrDefault(event.id(), AuditOrigin.RECOVERED)));
            }
        }
        missing.sort(Comparator.comparing(note -> note.event().at()));
        append(missing);
    }

    /**
     * @param deployments ids
     * @param from the first month to look at
     * @return the ids of the events of these deployments that are in the ledger, unaltered
     * @throws AuditUnavailableException if the ledger cannot be read
     */
    public Map<Long, Set<String>> idsOf(Set<Long> deployments, YearMonth from) throws AuditUnavailableException {
        Map<Long, Set<String>> ids = new HashMap<>();
        try {
            archive.read(
                    Optional.of(from),
                    AuditFilter.ALL,
                    row -> row.entry()
                            .filter(entry -> row.intact()
                                    && deployments.contains(
                                            entry.event().subject().deployment()))
                            .ifPresent(entry -> ids.computeIfAbsent(
                                            entry.event().subject().deployment(), deployment -> new HashSet<>())
                                    .add(entry.event().id())));
        } catch (IOException e) {
            throw new AuditUnavailableException(e);
        }
        return ids;
    }

    /** @return the month in whose file something of that instant is, or in a later one */
    public static YearMonth monthOf(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }
}
