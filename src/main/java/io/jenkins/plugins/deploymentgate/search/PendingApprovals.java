package io.jenkins.plugins.deploymentgate.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployment;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployments;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * What waits for whoever is logged in on the calling thread: the blocked deployments for which an approval of theirs would
 * be taken now, in jobs that they may read. Looks at the gates in memory alone, and loads no build. Any thread may call.
 */
@Extension
public class PendingApprovals {

    /** How long a count may be old that nothing but a change of permissions or of a policy has made wrong. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final AtomicLong changes = new AtomicLong();
    private final Cache<Asked, Integer> counts =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(FRESH).build();

    private final Cache<Asked, String> states =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(FRESH).build();

    /** Somebody who asked, for what, and how many changes there had been before. */
    private record Asked(String person, DeploymentScope scope, long changes) {}

    /**
     * A deployment that waits.
     *
     * @param build its build
     * @param view the deployment as the caller sees it
     */
    public record Waiting(Run<?, ?> build, DeploymentView view) {}

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
                        gate.build().getParent(), job -> DeploymentSearch.isReadable(job.getFullName())))
                .flatMap(gate -> DeploymentViews.get().view(gate).stream().map(view -> new Waiting(gate.build(), view)))
                .filter(waiting -> waiting.view().refusal().isEmpty())
                .sorted(Comparator.comparingLong(
                        waiting -> waiting.view().deployment().id()))
                .toList();
    }

    /**
     * Counts for the link on every page. Counted anew when a deployment has changed, and twice a minute; in between the
     * answer is remembered.
     *
     * @return how many deployments wait for the caller; 0 for those who are not logged in
     */
    public int count() {
        String person = Jenkins.getAuthentication2().getName();
        return counts.get(
                new Asked(person, DeploymentScope.EVERYWHERE, changes.get()),
                asked -> waiting(DeploymentScope.EVERYWHERE).size());
    }

    /**
     * Says in a text whether what waits for the caller has changed. Looks as rarely as {@link #count} does, so that a page
     * may ask every few seconds.
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
