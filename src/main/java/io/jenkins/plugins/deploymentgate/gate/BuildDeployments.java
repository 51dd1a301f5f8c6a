package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;

/**
 * Marks a build that has reached a gate, and holds its gates while it runs. Nothing of it is stored but its being there:
 * when Jenkins loads the build, it finds the gates in the build's directory, long before the pipeline is live, so that
 * votes can be taken meanwhile. Any thread may call.
 */
public final class BuildDeployments extends InvisibleAction implements RunAction2 {

    /** The path of the page of a build's deployments, below the build. */
    public static final String URL_NAME = "deployment-gate";

    private static final Logger LOGGER = Logger.getLogger(BuildDeployments.class.getName());

    private transient volatile Run<?, ?> build;
    private transient volatile Map<Long, LiveDeployment> gates;

    private BuildDeployments(Run<?, ?> build) {
        this.build = build;
        this.gates = new ConcurrentSkipListMap<>();
    }

    @CheckForNull
    public static BuildDeployments of(Run<?, ?> build) {
        return build.getAction(BuildDeployments.class);
    }

    /** Marks a build, if that was not done before; saves it. */
    static BuildDeployments mark(Run<?, ?> build) throws IOException {
        BuildDeployments existing = of(build);
        if (existing != null) {
            return existing;
        }
        BuildDeployments marker = new BuildDeployments(build);
        build.addAction(marker);
        build.save();
        return marker;
    }

    @Override
    public void onAttached(Run<?, ?> attachedTo) {
        onLoad(attachedTo);
    }

    /** Called with locks of the build held, so it only reads the few small files of a build that still runs. */
    @Override
    public synchronized void onLoad(Run<?, ?> loaded) {
        build = loaded;
        gates = new ConcurrentSkipListMap<>();
        if (!build.isBuilding()) {
            return;
        }
        try {
            for (long id : DeploymentRecords.get().ids(build.getRootDir())) {
                load(id);
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot list the deployments of " + build);
        }
    }

    private LiveDeployment load(long id) {
        LiveDeployment gate = new LiveDeployment(build, id);
        add(gate);
        try {
            if (gate.current().status().isFinal() && !gate.isOrphan()) {
                remove(gate);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + id + " of " + build + " stays blocked");
        }
        return gate;
    }

    void add(LiveDeployment gate) {
        gates.put(gate.id(), gate);
        LiveDeployments.get().add(gate);
    }

    void remove(LiveDeployment gate) {
        gates.remove(gate.id());
        LiveDeployments.get().remove(gate);
    }

    /** @return the gates of the running build that are not at their end, in the order reached */
    public Collection<LiveDeployment> gates() {
        return gates.values();
    }

    /**
     * Finds a gate of the running build, also one whose file could not be listed before.
     *
     * @param id the deployment
     * @return it, the same for everybody; null if the build has no such deployment or has ended
     * @throws IOException if the files cannot be listed
     */
    @CheckForNull
    synchronized LiveDeployment find(long id) throws IOException {
        LiveDeployment known = gates.get(id);
        boolean unlisted = known == null
                && build.isBuilding()
                && DeploymentRecords.get().ids(build.getRootDir()).contains(id);
        return unlisted ? load(id) : known;
    }

    /**
     * Finds a gate of the running build of which the pipeline knows that it exists: also where the files cannot be listed,
     * and then nothing can be read of it.
     *
     * @param id the deployment
     * @return it, the same for everybody; null if the build has no such deployment or has ended
     */
    @CheckForNull
    synchronized LiveDeployment expect(long id) {
        try {
            return find(id);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot list the deployments of " + build);
            return load(id);
        }
    }
}
