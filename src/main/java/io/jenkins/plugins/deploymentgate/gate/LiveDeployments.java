package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All gates of all builds that run, so that what concerns blocked deployments need not look for them in builds. In
 * memory only: it is filled again as Jenkins loads the running builds. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class LiveDeployments {

    private final Map<Long, LiveDeployment> gates = new ConcurrentHashMap<>();

    public static LiveDeployments get() {
        return ExtensionList.lookupSingleton(LiveDeployments.class);
    }

    void add(LiveDeployment gate) {
        gates.put(gate.id(), gate);
    }

    void remove(LiveDeployment gate) {
        gates.remove(gate.id(), gate);
    }

    /** @return the deployment of a running build, as far as is known without reading a file */
    public Optional<DeploymentSummary> find(long id) {
        return Optional.ofNullable(gates.get(id)).flatMap(LiveDeployment::summary);
    }

    public Collection<LiveDeployment> all() {
        return gates.values();
    }
}
