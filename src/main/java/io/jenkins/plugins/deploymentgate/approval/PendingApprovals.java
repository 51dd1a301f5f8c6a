package io.jenkins.plugins.deploymentgate.approval;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployment;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployments;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * What waits for whoever is logged in on the calling thread: the blocked deployments for which an approval of theirs would
 * be taken now, in jobs that they may read. Looks at live deployments in memory alone, and loads no build. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class PendingApprovals {

    private static final Logger LOGGER = Logger.getLogger(PendingApprovals.class.getName());

    /** Changes of deployments show after this delay at the latest. It bounds the work for each viewer. */
    private static final Duration REFRESH = Duration.ofSeconds(2);

    /** Changes of permissions and policies show after this delay. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private static final int MAX_VIEWERS = 10_000;

    private final AtomicLong changes = new AtomicLong();

    private final Cache<String, Counter> counters = Caffeine.newBuilder()
            .maximumSize(MAX_VIEWERS)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    private final Cache<Asked, String> states = Caffeine.newBuilder()
            .maximumSize(MAX_VIEWERS)
            .expireAfterWrite(FRESH)
            .build();

    /** Somebody who asked, for what, and how many changes there had been before. */
    private record Asked(String person, DeploymentScope scope, long changes) {}

    /**
     * A deployment that waits.
     *
     * @param build its build
     * @param view the deployment as the caller sees it
     */
    public record Waiting(Run<?, ?> build, DeploymentView view) {}

    /** The last known number of one viewer. Requests read it, and a background thread counts. */
    private final class Counter {

        private final AtomicBoolean counting = new AtomicBoolean();
        private volatile int count;
        private volatile long counted = Long.MIN_VALUE;
        private volatile long nextCount = System.nanoTime();

        int get(Authentication viewer) {
            long now = System.nanoTime();
            boolean stale = counted != changes.get()
                    || now - nextCount > FRESH.minus(REFRESH).toNanos();
            if (stale && now - nextCount >= 0 && counting.compareAndSet(false, true)) {
                try {
                    BackgroundWork.get().execute(() -> count(viewer));
                } catch (RejectedExecutionException e) {
                    counting.set(false);
                    LOGGER.log(Level.FINE, e, () -> "What waits for " + viewer.getName() + " is counted later");
                }
            }
            return count;
        }

        private void count(Authentication viewer) {
            try (ACLContext ignored = ACL.as2(viewer)) {
                counted = changes.get();
                count = waiting(DeploymentScope.EVERYWHERE).size();
            } finally {
                nextCount = System.nanoTime() + REFRESH.toNanos();
                counting.set(false);
            }
        }
    }

    /** @return the one of this controller */
    public static PendingApprovals get() {
        return ExtensionList.lookupSingleton(PendingApprovals.class);
    }

    /**
     * @param scope where
     * @return what waits for the caller there, the longest waiting first
     */
    public List<Waiting> waiting(DeploymentScope scope) {
        Map<Job<?, ?>, Boolean> readable = new HashMap<>();
        return LiveDeployments.get().all().stream()
                .filter(LiveDeployment::isBlocked)
                .filter(gate -> scope.contains(gate.build().getParent().getFullName()))
                .filter(gate -> readable.computeIfAbsent(
                        gate.build().getParent(),
                        job -> Caller.readableJob(job.getFullName()).isPresent()))
                .flatMap(gate -> DeploymentViews.get().view(gate).stream().map(view -> new Waiting(gate.build(), view)))
                .filter(waiting -> waiting.view().refusal().isEmpty())
                .sorted(Comparator.comparingLong(
                        waiting -> waiting.view().deployment().id()))
                .toList();
    }

    /**
     * Counts for the link on every page. Returns at once what is known, and has it counted in the background if that may have
     * changed; so the number is some seconds late, and 0 when somebody asks for the first time.
     *
     * @return how many deployments wait for the caller; 0 for those who are not logged in
     */
    public int count() {
        Authentication viewer = Jenkins.getAuthentication2();
        return ACL.isAnonymous2(viewer)
                ? 0
                : counters.get(viewer.getName(), name -> new Counter()).get(viewer);
    }

    /**
     * Says in a text whether what waits for the caller has changed. Remembered like a cache entry until a deployment changes,
     * so that a page may ask every few seconds.
     *
     * @param scope where
     * @return the same text as before, unless something has changed
     */
    public String state(DeploymentScope scope) {
        String person = Jenkins.getAuthentication2().getName();
        return states.get(
                new Asked(person, scope, changes.get()),
                asked -> waiting(scope).stream()
                        .map(Waiting::view)
                        .map(view -> view.deployment().id() + " "
                                + view.deployment().times().updatedAt() + " "
                                + view.tally().given() + " " + view.tally().required())
                        .collect(Collectors.joining("\n")));
    }

    /** Hears when what was counted may be wrong. */
    @Extension
    public static class OnChange implements DeploymentListener {

        @Override
        public void onChanged(@NonNull Run<?, ?> build, @NonNull Deployment deployment) {
            PendingApprovals.get().changes.incrementAndGet();
        }
    }
}
