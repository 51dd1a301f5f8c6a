package io.jenkins.plugins.deploymentgate.gate;

import com.google.common.util.concurrent.Striped;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Rivals;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.AtmostOneTaskExecutor;
import net.jcip.annotations.GuardedBy;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionList;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Turns at environments where one deployment runs at a time. Who has a turn is not stored: it is whichever deployment of a
 * running build is running, as its record says. So no turn is left behind when a build or Jenkins is killed. After a start
 * nobody gets a turn until all running builds are loaded.
 *
 * <p>Any thread may call. Whoever releases a deployment holds its monitor and a {@link ReleaseLock} of its environment.
 * Whenever something changes, those who wait are evaluated in the background, the longest waiting first.
 */
@Extension
@Restricted(NoExternalUse.class)
public class Turns {

    private static final Logger LOGGER = Logger.getLogger(Turns.class.getName());
    private static final int STRIPES = 64;

    private final Clock clock = Clock.systemUTC();
    private final Striped<ReadWriteLock> locks = Striped.readWriteLock(STRIPES);

    /** Environments in which something has changed since those who wait there were last evaluated. */
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    private volatile boolean started;
    private volatile boolean loaded;

    @GuardedBy("this")
    private AtmostOneTaskExecutor<Void> evaluation;

    /** @return those of this controller */
    public static Turns get() {
        return ExtensionList.lookupSingleton(Turns.class);
    }

    /**
     * Is held while it is judged whether a deployment is released, until the result is on disk. Releases to other environments,
     * and to the same where several may run, do not wait for each other.
     */
    static final class ReleaseLock implements AutoCloseable {

        private final ReadWriteLock lock;
        private Lock held;

        private ReleaseLock(ReadWriteLock lock) {
            this.lock = lock;
            held = lock.readLock();
            held.lock();
        }

        /**
         * @param following the result of judging
         * @return whether to judge once more, because this releases a deployment to an exclusive environment; nothing else is
         *     released there from now on
         */
        boolean mustJudgeAgain(Deployment following) {
            boolean released = following.status() == Status.RUNNING
                    && following.policy().turns().exclusiveIn().isPresent();
            if (!released || held == lock.writeLock()) {
                return false;
            }
            held.unlock();
            held = lock.writeLock();
            held.lock();
            return true;
        }

        @Override
        public void close() {
            held.unlock();
        }
    }

    ReleaseLock lock(String environment) {
        return new ReleaseLock(locks.get(environment));
    }

    /**
     * Reads the records of newer builds if it has to be known for the first time whether one of them was deployed.
     *
     * @param live a deployment that waits
     * @param request what it asks for
     * @param policy what its environment demands
     * @return the other deployments that matter to it
     */
    public Rivals rivals(LiveDeployment live, DeploymentRequest request, EnvironmentPolicy policy) {
        Optional<DeploymentReference> newer = Optional.empty();
        boolean known = true;
        if (policy.turns().refuseOutdated() || request.allowOlder()) {
            try {
                newer = live.newer().find(request.environment());
            } catch (IOException e) {
                known = false;
                LOGGER.log(Level.FINE, e, () -> "It is not known whether " + live.build() + " is outdated");
            }
        }
        return rivals(live.build().getParent(), live.build().getNumber(), live.id(), policy, newer, known);
    }

    /**
     * Says what would be decided now, without waiting for the disk.
     *
     * @param job the job of a deployment
     * @param build the number of its build
     * @param deployment its state
     * @param policy what its environment demands
     * @return the decision, by what is known of other deployments
     */
    public Decision decide(Job<?, ?> job, int build, Deployment deployment, EnvironmentPolicy policy) {
        return Decision.of(
                deployment,
                policy,
                rivals(job, build, deployment.id(), policy, deployment.request().newer(), true),
                clock.instant());
    }

    private Rivals rivals(
            Job<?, ?> parent,
            int build,
            long id,
            EnvironmentPolicy policy,
            Optional<DeploymentReference> newer,
            boolean known) {
        String job = parent.getFullName();
        TurnRules rules = policy.turns();
        if (rules.equals(TurnRules.NONE)) {
            return new Rivals(job, build, true, List.of(), newer);
        }
        boolean complete = known && loaded;
        List<Rivals.Rival> others = new ArrayList<>();
        for (LiveDeployment other : LiveDeployments.get().all()) {
            String otherJob = other.build().getParent().getFullName();
            if (other.state().isUnread() && other.build().isBuilding() && rules.isExclusiveWith(otherJob)) {
                complete = false;
            }
            other.state()
                    .competing()
                    .filter(state -> state.id() != id)
                    .ifPresent(state ->
                            others.add(new Rivals.Rival(otherJob, other.build().getNumber(), state)));
        }
        return new Rivals(job, build, complete, others, newer);
    }

    /**
     * Called after a change is on disk, under the lock of the deployment. Returns at once.
     *
     * @param live the deployment that has changed
     * @param before its state before; null if it is new or was just read
     * @param after its state
     */
    void changed(LiveDeployment live, @CheckForNull Deployment before, Deployment after) {
        if (before != null
                && before.status() == after.status()
                && before.times().queuedAt().equals(after.times().queuedAt())) {
            return;
        }
        if (after.status() == Status.SUCCESS) {
            succeeded(live.build(), after);
        }
        changed.add(after.environment());
        evaluateSoon();
    }

    private static void succeeded(Run<?, ?> build, Deployment deployment) {
        Job<?, ?> job = build.getParent();
        DeploymentReference reference = new DeploymentReference(job.getFullName(), build.getNumber(), deployment.id());
        for (LiveDeployment other : LiveDeployments.get().all()) {
            if (other.build().getParent().getFullName().equals(reference.job())
                    && other.build().getNumber() < build.getNumber()
                    && other.state()
                            .competing()
                            .filter(one -> one.environment().equals(deployment.environment()))
                            .isPresent()) {
                other.newer().offer(reference);
            }
        }
    }

    /** Evaluates those who wait where something could not be written, and all of them once Jenkins has loaded all builds. */
    void retry() {
        if (!loaded || !changed.isEmpty()) {
            evaluateSoon();
        }
    }

    private synchronized void evaluateSoon() {
        if (!started) {
            return;
        }
        if (evaluation == null) {
            evaluation = BackgroundWork.get().atMostOne(() -> {
                evaluate();
                return null;
            });
        }
        evaluation.submit();
    }

    private void evaluate() {
        boolean first = !loaded;
        // Loading the builds here could load one a second time, beside Jenkins itself.
        loaded = loaded || FlowExecutionList.get().isResumptionComplete();
        if (!loaded) {
            return;
        }
        Set<String> environments = Set.copyOf(changed);
        changed.removeAll(environments);
        List<LiveDeployment> waiting =
                LiveDeployments.get().inOrder(live -> live.state().waitsFor(environments, first));
        LiveDeployments.forEach(waiting, live -> {
            if (!Reevaluation.get().reevaluate(live)) {
                live.state().competing().ifPresent(state -> changed.add(state.environment()));
            }
            live.deliver();
        });
    }

    /** Begins when all jobs are there. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static class OnStart extends ItemListener {

        @Override
        public void onLoaded() {
            Turns turns = Turns.get();
            turns.started = true;
            turns.evaluateSoon();
        }
    }
}
