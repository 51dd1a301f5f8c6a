package io.jenkins.plugins.deploymentgate.search;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.changes.ChangeList;
import io.jenkins.plugins.deploymentgate.changes.ChangesOfBuild;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Tells the approvers of a deployment what they approve: what the environment has now, and which changes lie between that
 * and the build. The changes are read on a thread of their own and remembered for a minute, so that no page waits for long
 * change logs. Any thread may call; nothing is written.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentChanges {

    private static final Logger LOGGER = Logger.getLogger(DeploymentChanges.class.getName());

    private final AsyncCache<Asked, ChangeList> lists = Caffeine.newBuilder()
            .maximumSize(200)
            .expireAfterWrite(Duration.ofMinutes(1))
            .executor(task -> BackgroundWork.get().execute(task))
            .buildAsync();

    /** What the changes depend on: the build at the gate, its environment, and a later build that it would replace. */
    private record Asked(String build, String environment, Optional<Integer> replaced) {}

    /**
     * What there was before a deployment.
     *
     * @param previous what the environment had when the deployment was decided, or has now if it is not; empty if nothing
     *     was ever deployed there from this job, as far as Jenkins knows
     * @param back whether that is a later build of the job, so that the deployment goes back to an older state
     */
    public record Before(Optional<DeploymentSummary> previous, boolean back) {}

    /**
     * Changes as a reader may see them.
     *
     * @param list the changes
     * @param hidden whether some were left out, of jobs that the reader may not see
     */
    public record Visible(ChangeList list, boolean hidden) {}

    /** @return the one of this controller */
    public static DeploymentChanges get() {
        return ExtensionList.lookupSingleton(DeploymentChanges.class);
    }

    /**
     * Looks into the index; loads no build.
     *
     * @param build a build, which the caller may read
     * @param deployment one of its deployments
     * @return what there was before it
     */
    public Before before(Run<?, ?> build, Deployment deployment) {
        Instant until = deployment.times().decidedAt().orElseGet(Instant::now);
        DeploymentFilter deployed = DeploymentFilter.in(
                        DeploymentScope.job(build.getParent().getFullName()))
                .to(deployment.environment())
                .with(Status.SUCCESS)
                .before(DeploymentOrder.FINISHED_AT, until);
        Optional<DeploymentSummary> previous =
                DeploymentSearch.get()
                        .list(new DeploymentQuery(deployed, DeploymentOrder.FINISHED_AT, true, 0, 1))
                        .entries()
                        .stream()
                        .findFirst();
        return new Before(
                previous,
                previous.filter(later -> later.build() > build.getNumber()).isPresent());
    }

    /**
     * Lists the changes between what there was before and the build; those that are taken back, if it goes back.
     *
     * @param build a build, which the caller may read
     * @param deployment one of its deployments
     * @param before what there was before it
     * @param patience how long to wait for them at the most
     * @return them, as far as the caller may see; empty if they are not read yet, and are soon
     * @throws IOException if they cannot be read
     * @throws InterruptedException if the calling thread was interrupted
     */
    public Optional<Visible> changes(Run<?, ?> build, Deployment deployment, Before before, Duration patience)
            throws IOException, InterruptedException {
        Optional<Run<?, ?>> replaced =
                before.back() ? before.previous().flatMap(DeploymentSearch.get()::build) : Optional.empty();
        Asked asked = new Asked(build.getExternalizableId(), deployment.environment(), replaced.map(Run::getNumber));
        try {
            ChangeList list = lists.get(
                            asked,
                            key -> replaced.map(later -> ChangeList.takenBack(build, later))
                                    .orElseGet(() -> ChangeList.broughtBy(build, deployment.environment())))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.of(visible(list));
        } catch (TimeoutException e) {
            LOGGER.log(Level.FINE, e, () -> "The changes of " + build + " are being read");
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IOException("The changes of " + build + " cannot be read", e);
        }
    }

    private static Visible visible(ChangeList list) {
        List<ChangesOfBuild> builds = list.builds().stream()
                .filter(build -> Caller.readableJob(build.job()).isPresent())
                .toList();
        return new Visible(
                new ChangeList(builds, list.complete(), list.cut()),
                builds.size() < list.builds().size());
    }
}
