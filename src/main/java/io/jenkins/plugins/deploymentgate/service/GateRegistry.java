package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All gates of all builds that run, so that what concerns blocked deployments need not look for them in builds. In
 * memory only: it is filled again as Jenkins loads the running builds. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class GateRegistry {

    private final Map<Long, Gate> gates = new ConcurrentHashMap<>();

    static GateRegistry get() {
        return ExtensionList.lookupSingleton(GateRegistry.class);
    }

    void add(Gate gate) {
        gates.put(gate.id(), gate);
    }

    void remove(Gate gate) {
        gates.remove(gate.id(), gate);
    }

    Collection<Gate> all() {
        return gates.values();
    }
}
