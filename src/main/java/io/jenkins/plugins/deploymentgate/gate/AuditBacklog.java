package io.jenkins.plugins.deploymentgate.gate;

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
public class AuditBacklog {

    private final Set<LiveDeployment> gates = ConcurrentHashMap.newKeySet();

    static AuditBacklog get() {
        return ExtensionList.lookupSingleton(AuditBacklog.class);
    }

    void owed(LiveDeployment gate) {
        gates.add(gate);
    }

    void paid(LiveDeployment gate) {
        gates.remove(gate);
    }

    Collection<LiveDeployment> all() {
        return List.copyOf(gates);
    }
}
