package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The live deployments of all running builds, so that whoever needs the blocked ones need not search builds. In memory
 * only; filled again as Jenkins loads the running builds. Any thread may call; nothing here waits for the disk.
 */
@Extension
@Restricted(NoExternalUse.class)
public class LiveDeployments {

    private static final Logger LOGGER = Logger.getLogger(LiveDeployments.class.getName());

    private final Map<Long, LiveDeployment> deployments = new ConcurrentHashMap<>();

    /** @return those of this controller */
    public static LiveDeployments get() {
        return ExtensionList.lookupSingleton(LiveDeployments.class);
    }

    void add(LiveDeployment live) {
        deployments.put(live.id(), live);
    }

    /** @return the object that everybody uses for this deployment: the given one, unless there is another already */
    LiveDeployment unique(LiveDeployment live) {
        return deployments.computeIfAbsent(live.id(), id -> live);
    }

    void remove(LiveDeployment live) {
        deployments.remove(live.id(), live);
    }

    /** @return the deployment with that id, if its build runs and it has not ended */
    public Optional<LiveDeployment> find(long id) {
        return Optional.ofNullable(deployments.get(id));
    }

    /** @return all of them, a view that changes with time */
    public Collection<LiveDeployment> all() {
        return deployments.values();
    }

    /** @return those wanted, the longest waiting for their turn first, and those last that do not wait for it */
    List<LiveDeployment> inOrder(Predicate<LiveDeployment> wanted) {
        return deployments.values().stream()
                .filter(wanted)
                // Read once, since it can change while they are sorted.
                .map(live -> Map.entry(live.state().queuedAt(), live))
                .sorted(Map.Entry.<Instant, LiveDeployment>comparingByKey()
                        .thenComparing(entry -> entry.getValue().id()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * Does something with each of some deployments. What fails for one is logged, and does not keep it from the others.
     *
     * @param some the deployments
     * @param action what to do
     */
    static void forEach(Collection<LiveDeployment> some, Consumer<LiveDeployment> action) {
        for (LiveDeployment live : some) {
            try {
                action.accept(live);
            } catch (RuntimeException e) {
                LOGGER.log(
                        Level.WARNING,
                        e,
                        () -> "Unexpected failure at deployment " + live.id() + " of " + live.build());
            }
        }
    }
}
