package io.jenkins.plugins.deploymentgate.gate;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.console.HyperlinkNote;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.origin.Requesters;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Opens and ends deployments, as pipelines reach their gates and builds end. Votes go through {@code ApprovalService};
 * what changes with policies and time, through {@link Reevaluation}. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentLifecycle {

    private static final Logger LOGGER = Logger.getLogger(DeploymentLifecycle.class.getName());

    private final Clock clock = Clock.systemUTC();

    /** @return the one of this controller */
    public static DeploymentLifecycle get() {
        return ExtensionList.lookupSingleton(DeploymentLifecycle.class);
    }

    /**
     * Opens a deployment for a build that has reached a gate. Called on the thread of the pipeline; writes three small files
     * at the most.
     *
     * <p>If this gate was reached before Jenkins stopped, and the pipeline was not saved with the step in it, then the
     * pipeline reaches it a second time: the same deployment is found, with its votes, and with the decision if there is
     * one. It is recognised by the stages, parallel branches and matrix cells around the step, since the flow node of a step
     * that runs a second time is a new one, and by what the pipeline asks for. Within these blocks a pipeline runs one step
     * at a time, so there is no second one to take it for.
     *
     * @param build the build
     * @param arguments what the pipeline asks for
     * @param place where in the pipeline the step is
     * @return the deployment, on disk: blocked, or running if nobody has to approve any more, or failed if it was refused
     * @throws DeploymentClosedException if the deployment may not even wait; nothing is recorded then
     * @throws IllegalArgumentException if the arguments are not valid; the message is for people
     * @throws IOException if it cannot be recorded, and so does not exist
     */
    public Deployment open(Run<?, ?> build, StepArguments arguments, PipelinePlace place)
            throws DeploymentClosedException, IOException {
        EnvironmentPolicy policy = PolicyLookup.get().require(build.getParent(), arguments.environment());
        arguments.check();
        DeploymentRequest request = new DeploymentRequest(
                arguments.environment(),
                Requesters.of(build),
                Optional.empty(),
                arguments.description(),
                arguments.deadline(),
                place,
                arguments.allowOlder(),
                Optional.empty());
        return new DeploymentOpening(build, policy, request, clock).open();
    }

    /**
     * Makes a step that begins to wait the one that is told of the decision, and has the pipeline saved with it. The step is
     * told only when that is done, so that no crash can make the pipeline ask again for what was decided. A save that fails
     * is repeated every few seconds.
     *
     * @param build the build
     * @param id the deployment
     * @param step the step
     * @return whether the record can be read; if not, the step stays blocked until it can
     * @throws IOException if the build has no such deployment
     */
    public boolean attach(Run<?, ?> build, long id, LiveStep step) throws IOException {
        LiveDeployment live = find(build, id);
        live.delivery().attach(step);
        boolean readable = evaluate(live);
        save(live, step);
        return readable;
    }

    /**
     * Makes a step that Jenkins has resumed the one that is told of the decision; tells it at once if there is one.
     *
     * @param build the build
     * @param id the deployment
     * @param step the step
     * @return whether the record can be read; if not, the step stays blocked until it can
     * @throws IOException if the build has no such deployment
     */
    public boolean resume(Run<?, ?> build, long id, LiveStep step) throws IOException {
        LiveDeployment live = find(build, id);
        live.delivery().resume(step);
        return evaluate(live);
    }

    private static LiveDeployment find(Run<?, ?> build, long id) throws IOException {
        LiveDeployment live = BuildDeployments.mark(build).expect(id);
        if (live == null) {
            throw new IOException(Messages.DeploymentLifecycle_Gone(id));
        }
        return live;
    }

    private static boolean evaluate(LiveDeployment live) {
        try {
            live.current();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + live.id() + " of " + live.build() + " stays blocked");
            return false;
        }
        Reevaluation.get().reevaluate(live);
        live.deliver();
        return true;
    }

    private static void save(LiveDeployment live, LiveStep step) {
        ListenableFuture<Void> saved = step.save();
        saved.addListener(() -> saved(live, saved), MoreExecutors.directExecutor());
    }

    /** Called on the thread of the pipeline, so it must not wait for the disk. */
    private static void saved(LiveDeployment live, ListenableFuture<Void> saved) {
        try {
            Futures.getDone(saved);
        } catch (ExecutionException | CancellationException e) {
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> live.build() + " could not be saved, so the decision on deployment " + live.id()
                            + " cannot be delivered. Saving again in a few seconds");
            live.delivery().move(Delivery.Event.NOT_SAVED);
            return;
        }
        live.delivery().move(Delivery.Event.SAVED);
        if (live.state().isDeliverable()) {
            try {
                BackgroundWork.get().execute(live::deliver);
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.FINE, e, () -> "Deployment " + live.id() + " is delivered by the next check");
            }
        }
    }

    /** Has the pipeline saved again, if it could not be saved before. */
    void saveAgain(LiveDeployment live) {
        live.delivery().takeUnsaved().ifPresent(step -> save(live, step));
    }

    /** Writes the end of a deployment again, if it could not be written before. */
    void finishAgain(LiveDeployment live) {
        BuildDeployments deployments = BuildDeployments.of(live.build());
        if (live.state().owesEnd() && deployments != null) {
            finish(deployments, live, now -> now);
        }
    }

    /**
     * Ends a running deployment because the block of its step is over. Called on the thread of the pipeline, which goes on
     * only when this is on disk; a block that ends again after a crash changes nothing. What cannot be written now is tried
     * again every few seconds.
     *
     * @param build the build
     * @param id the deployment
     * @param result how the block has ended; an unstable block has deployed
     * @param cause what was thrown out of the block; null if nothing was
     */
    public void blockEnded(Run<?, ?> build, long id, Result result, @CheckForNull Throwable cause) {
        BuildDeployments deployments = BuildDeployments.of(build);
        LiveDeployment live = deployments == null ? null : deployments.expect(id);
        if (live == null) {
            LOGGER.warning(() -> "Deployment " + id + " of " + build + " does not exist, so its end is not recorded");
            return;
        }
        finish(deployments, live, now -> {
            if (now.status() != Status.RUNNING || result.isWorseThan(Result.FAILURE)) {
                return now.cancel(Interruptions.of(build, cause), clock.instant());
            }
            return result == Result.FAILURE ? now.fail(clock.instant()) : now.finish(Status.SUCCESS, clock.instant());
        });
    }

    /**
     * Ends a deployment because its step was interrupted. A record that cannot be written now is completed when the
     * build ends, or when somebody looks at it after that.
     *
     * @param build the build
     * @param id the deployment
     * @param cause what interrupted the step
     */
    public void cancel(Run<?, ?> build, long id, Throwable cause) {
        BuildDeployments deployments = BuildDeployments.of(build);
        if (deployments != null) {
            Ending why = Interruptions.of(build, cause);
            deployments.known(id).ifPresent(live -> finish(deployments, live, now -> now.cancel(why, clock.instant())));
        }
    }

    /** Ends all deployments of a build that has ended. */
    void buildEnded(Run<?, ?> build) {
        BuildDeployments deployments = BuildDeployments.of(build);
        if (deployments != null) {
            LiveDeployments.forEach(deployments.all(), live -> finish(deployments, live, now -> ended(now, build)));
        }
    }

    /** Ends a deployment, and forgets it unless that cannot be written now. */
    static void finish(BuildDeployments deployments, LiveDeployment live, UnaryOperator<Deployment> end) {
        Level level = live.state().owesEnd() ? Level.FINE : Level.WARNING;
        try {
            live.finish(end);
            deployments.remove(live);
        } catch (IOException e) {
            LOGGER.log(level, e, () -> "Cannot record the end of deployment " + live.id() + " of " + live.build());
        }
    }

    /** Ends a deployment by the result of its build. A blocked one has no result; an unstable build has deployed. */
    private Deployment ended(Deployment deployment, Run<?, ?> build) {
        Result result = build.getResult();
        if (deployment.status() != Status.RUNNING || result == null || result.isWorseThan(Result.FAILURE)) {
            return deployment.cancel(Interruptions.of(build, result), clock.instant());
        }
        return deployment.finish(result == Result.FAILURE ? Status.FAILED : Status.SUCCESS, clock.instant());
    }

    /**
     * @param build any build
     * @param id the deployment
     * @return the live deployment of a running build, the same for everybody; else one with which the record can be read
     * @throws IOException if the records of the running build cannot be listed
     */
    public static LiveDeployment live(Run<?, ?> build, long id) throws IOException {
        BuildDeployments deployments = BuildDeployments.of(build);
        LiveDeployment live = deployments == null ? null : deployments.find(id);
        return live == null ? LiveDeployment.recorded(build, id) : live;
    }

    /**
     * Reads a deployment of any build, and completes what a crash left open in a build that runs no more. Does not wait for
     * a change that is being written.
     *
     * @param build the build
     * @param id the deployment
     * @return its state
     * @throws IOException if it cannot be read, or its end cannot be written
     */
    public Deployment read(Run<?, ?> build, long id) throws IOException {
        LiveDeployment live = live(build, id);
        if (!build.isBuilding() && !live.current().status().isFinal()) {
            LiveDeployment unique = LiveDeployments.get().unique(live);
            unique.finish(now -> ended(now, build));
            LiveDeployments.get().remove(unique);
            return unique.current();
        }
        return live.current();
    }

    /**
     * @param build a build
     * @param text what the link says
     * @return a console annotation that leads to the page of its deployments
     */
    public static String linkTo(Run<?, ?> build, String text) {
        return HyperlinkNote.encodeTo("/" + build.getUrl() + BuildDeployments.URL_NAME + "/", text);
    }
}
