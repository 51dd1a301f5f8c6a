package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.changes.ChangeAuthors;
import io.jenkins.plugins.deploymentgate.changes.Changes;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Looks up who wrote the changes of deployments, one after the other in the background, because that takes as long as it
 * takes to read change logs. A look-up that fails is repeated after a delay that doubles each time. Meanwhile the deployment
 * stays blocked, and no approval of it is accepted. In memory only: what a stop of Jenkins interrupts is requested again by the
 * next evaluation. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class AuthorLookup {

    private static final Logger LOGGER = Logger.getLogger(AuthorLookup.class.getName());

    /** Of the background threads, so that slow change logs leave the others for the rest of the work. */
    private static final int THREADS = 2;

    private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    private record Failure(Duration delay, Instant retryAt) {}

    /** In the order requested, each with the time of the request. */
    @GuardedBy("this")
    private final Map<LiveDeployment, Instant> waiting = new LinkedHashMap<>();

    @GuardedBy("this")
    private final Map<LiveDeployment, Failure> failures = new WeakHashMap<>();

    @GuardedBy("this")
    private int running;

    static AuthorLookup get() {
        return ExtensionList.lookupSingleton(AuthorLookup.class);
    }

    /**
     * Requests a look-up, unless one is waiting, or one has failed and its delay is not over.
     *
     * @param live the deployment
     * @param now the time
     */
    synchronized void request(LiveDeployment live, Instant now) {
        Failure last = failures.get(live);
        if (last != null && now.isBefore(last.retryAt())) {
            return;
        }
        waiting.putIfAbsent(live, now);
        if (running < THREADS) {
            try {
                BackgroundWork.get().execute(this::work);
                running++;
            } catch (RejectedExecutionException e) {
                // It is requested again every few seconds.
                LOGGER.log(Level.FINE, e, () -> "The look-up for deployment " + live.id() + " has to wait");
            }
        }
    }

    private void work() {
        for (Optional<Map.Entry<LiveDeployment, Instant>> next = next(); next.isPresent(); next = next()) {
            look(next.get().getKey(), next.get().getValue());
        }
    }

    private synchronized Optional<Map.Entry<LiveDeployment, Instant>> next() {
        Iterator<Map.Entry<LiveDeployment, Instant>> entries =
                waiting.entrySet().iterator();
        if (!entries.hasNext()) {
            running--;
            return Optional.empty();
        }
        Map.Entry<LiveDeployment, Instant> first = Map.Entry.copyOf(entries.next());
        entries.remove();
        return Optional.of(first);
    }

    private void look(LiveDeployment live, Instant requested) {
        try {
            Changes changes = ChangeAuthors.of(live.build(), live.current().environment());
            Reevaluation.get()
                    .authorsKnown(
                            live, new Authors(List.copyOf(changes.authors()), changes.complete(), changes.changeOf()));
            succeeded(live);
        } catch (IOException | RuntimeException e) {
            Duration delay = failed(live, requested);
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "Cannot look up who wrote the changes of deployment " + live.id() + " of " + live.build()
                            + ", so nobody can approve it. Trying again in " + delay.toSeconds() + " seconds");
        }
    }

    private synchronized void succeeded(LiveDeployment live) {
        failures.remove(live);
    }

    private synchronized Duration failed(LiveDeployment live, Instant requested) {
        Failure last = failures.get(live);
        Duration doubled = last == null ? FIRST_DELAY : last.delay().multipliedBy(2);
        Duration delay = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
        failures.put(live, new Failure(delay, requested.plus(delay)));
        return delay;
    }
}
