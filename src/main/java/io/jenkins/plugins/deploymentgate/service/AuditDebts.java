package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The deployments of which the audit ledger could not be told something. In memory only: after a restart, files and ledger
 * are compared. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuditDebts {

    private final Set<Gate> gates = ConcurrentHashMap.newKeySet();

    static AuditDebts get() {
        return ExtensionList.lookupSingleton(AuditDebts.class);
    }

    void owed(Gate gate) {
        gates.add(gate);
    }

    void paid(Gate gate) {
        gates.remove(gate);
    }

    Collection<Gate> all() {
        return List.copyOf(gates);
    }
}
