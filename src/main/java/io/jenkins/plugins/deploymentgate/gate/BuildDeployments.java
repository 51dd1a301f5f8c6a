package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Marks a build that has reached a gate, and holds its live deployments while it runs. Only its presence is stored: when
 * Jenkins loads the build, it finds the deployments in the build's directory, long before the pipeline is live, so that
 * votes can be taken meanwhile. Any thread may call.
 */
@Restricted(NoExternalUse.class)
public final class BuildDeployments extends InvisibleAction implements RunAction2 {

    /** The path of the page of a build's deployments, below the build. */
    public static final String URL_NAME = "deployment-gate";

    private static final Logger LOGGER = Logger.getLogger(BuildDeployments.class.getName());

    private transient volatile Run<?, ?> build;
    private final transient Map<Long, LiveDeployment> deployments = new ConcurrentSkipListMap<>();

    private BuildDeployments(Run<?, ?> build) {
        this.build = build;
    }

    /** XStream sets no field that is not stored. */
    private Object readResolve() {
        return new BuildDeployments(null);
    }

    /** @return the mark of a build; null if it never reached a gate */
    @CheckForNull
    public static BuildDeployments of(Run<?, ?> build) {
        return build.getAction(BuildDeployments.class);
    }

    /**
     * Never waits for the disk or a lock, so the queue may call this.
     *
     * @param build any build
     * @return its deployments that are running now, in the order in which their gates were reached
     */
    public static List<Deployment> running(Run<?, ?> build) {
        BuildDeployments marker = of(build);
        return marker == null
                ? List.of()
                : marker.all().stream()
                        .flatMap(live -> live.state().running().stream())
                        .toList();
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
        if (!build.isBuilding()) {
            return;
        }
        try {
            for (long id : DeploymentRecords.get().ids(build.getRootDir())) {
                load(id);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot list the deployments of " + build);
        }
    }

    private LiveDeployment load(long id) {
        LiveDeployment live = LiveDeployment.recorded(build, id);
        add(live);
        try {
            if (live.current().status().isFinal() && !live.state().isOrphan()) {
                remove(live);
            }
        } catch (UnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Deployment " + id + " of " + build + " is read later");
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + id + " of " + build + " stays blocked");
        }
        return live;
    }

    /** Called before the first record is written, so that no request finds a record and makes a second object for it. */
    void add(LiveDeployment live) {
        deployments.put(live.id(), live);
        LiveDeployments.get().add(live);
    }

    void remove(LiveDeployment live) {
        deployments.remove(live.id());
        LiveDeployments.get().remove(live);
    }

    /** @return the deployments of the running build that have not ended, in the order in which their gates were reached */
    public Collection<LiveDeployment> all() {
        return deployments.values();
    }

    /** @return a deployment of the running build that has not ended, as far as is known without reading a file */
    Optional<LiveDeployment> known(long id) {
        return Optional.ofNullable(deployments.get(id));
    }

    /**
     * Finds a deployment of the running build, also one whose file could not be listed before.
     *
     * @param id the deployment
     * @return it, the same for everybody; null if the build has no such deployment or has ended
     * @throws IOException if the files cannot be listed
     */
    @CheckForNull
    LiveDeployment find(long id) throws IOException {
        LiveDeployment known = deployments.get(id);
        return known == null ? search(id) : known;
    }

    @CheckForNull
    private synchronized LiveDeployment search(long id) throws IOException {
        LiveDeployment known = deployments.get(id);
        boolean unlisted = known == null
                && build.isBuilding()
                && DeploymentRecords.get().ids(build.getRootDir()).contains(id);
        return unlisted ? load(id) : known;
    }

    /**
     * Finds a deployment of the running build of which the pipeline knows that it exists: also where the files cannot be
     * listed, and then nothing can be read of it.
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
