package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.HMACConfidentialKey;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The audit ledger of this Jenkins. Any thread may call; writes return once they are on disk. The key of the hashes is in
 * {@code secrets/}, encrypted by Jenkins.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuditLedger {

    private static final Logger LOGGER = Logger.getLogger(AuditLedger.class.getName());

    private final HMACConfidentialKey key = new HMACConfidentialKey(AuditLedger.class, "chain");
    private final Path directory = Jenkins.get().getRootDir().toPath().resolve("deployment-gate/audit");
    private final Ledger ledger =
            new Ledger(directory, this::mac, () -> ControllerLock.get().checkOwned());

    private final Object completion = new Object();
    private volatile String outage;

    /** @return the ledger of this controller */
    public static AuditLedger get() {
        return ExtensionList.lookupSingleton(AuditLedger.class);
    }

    /** Called when Jenkins stops. */
    @Terminator(attains = ControllerLock.WRITERS_CLOSED)
    public static void stop() {
        get().ledger.close();
    }

    private byte[] mac(byte[] bytes) {
        try {
            return key.mac(bytes);
        } catch (Error e) {
            // Thrown by core if it cannot read the key.
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** @return the ledger, for readers */
    public Ledger ledger() {
        return ledger;
    }

    /** @return why the last write failed; empty if it succeeded */
    Optional<String> outage() {
        return Optional.ofNullable(outage);
    }

    /**
     * Writes entries, all or none.
     *
     * @throws LedgerUnavailableException if they are not certain to be on disk; none of them is in the ledger then
     */
    public void append(List<LedgerEvent> events) throws LedgerUnavailableException {
        try {
            ledger.append(events);
        } catch (IOException e) {
            LOGGER.log(outage == null ? Level.WARNING : Level.FINE, e, () -> "The audit ledger cannot be written");
            outage = String.valueOf(e.getMessage());
            throw new LedgerUnavailableException(e);
        }
        if (outage != null) {
            outage = null;
            LOGGER.info("The audit ledger can be written again");
        }
    }

    /**
     * Writes the events of one deployment that are not in the ledger. Calls exclude each other, so that two objects of the same
     * deployment do not write an event twice.
     *
     * @param since when the deployment was created
     * @throws LedgerUnavailableException if the ledger cannot be read or written; nothing has changed then
     */
    public void complete(List<LedgerEvent> events, Instant since) throws LedgerUnavailableException {
        synchronized (completion) {
            Set<Long> deployments = new HashSet<>();
            events.forEach(event -> deployments.add(event.subject().deployment()));
            complete(events, idsOf(deployments, since));
        }
    }

    /** Does the same if it is known which events are in the ledger. */
    public void complete(List<LedgerEvent> events, Set<String> present) throws LedgerUnavailableException {
        append(events.stream()
                .filter(event -> !present.contains(event.id()))
                .sorted(Comparator.comparing(LedgerEvent::at))
                .toList());
    }

    /**
     * @return the ids of the events of deployments that are in the ledger, unaltered, since the first of them was created
     * @throws LedgerUnavailableException if the ledger cannot be read
     */
    public Set<String> idsOf(Set<Long> deployments, Instant since) throws LedgerUnavailableException {
        Set<String> ids = new HashSet<>();
        try {
            ledger.read(
                    Optional.of(Ledger.monthOf(since)),
                    LedgerFilter.ALL,
                    row -> row.entry()
                            .map(LedgerEntry::event)
                            .filter(event -> row.intact()
                                    && deployments.contains(event.subject().deployment()))
                            .ifPresent(event -> ids.add(event.id())));
        } catch (IOException e) {
            throw new LedgerUnavailableException(e);
        }
        return ids;
    }
}
