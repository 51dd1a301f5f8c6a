package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.console.HyperlinkNote;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.origin.Requesters;
import io.jenkins.plugins.deploymentgate.records.DeploymentNumbers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Begins and ends deployments, as pipelines reach their gates and builds end. Votes go through {@link ApprovalService};
 * what changes with policies and time, through {@link Reevaluation}.
 */
@Extension
public class DeploymentLifecycle {

    private static final Logger LOGGER = Logger.getLogger(DeploymentLifecycle.class.getName());

    private final Clock clock = Clock.systemUTC();

    /** @return the one of this controller */
    public static DeploymentLifecycle get() {
        return ExtensionList.lookupSingleton(DeploymentLifecycle.class);
    }

    /**
     * Lets a build reach a gate. Called on the thread of the pipeline; writes three small files at the most.
     *
     * <p>If this build waited for the same environment before Jenkins stopped, and its pipeline was not saved with the
     * step in it, then the pipeline reaches the gate a second time: the same deployment is found, with its votes, and
     * with the decision if they have made one meanwhile.
     *
     * @param build the build
     * @param environment the name that the pipeline gives
     * @param description what the pipeline tells the approvers
     * @param deadline how long the pipeline is willing to wait; empty for as long as the policy says
     * @return the deployment, on disk: blocked, or running if nobody has to approve any more, or failed if it was refused
     * @throws DeploymentClosedException if the deployment may not even wait; nothing is recorded then
     * @throws IllegalArgumentException if description or deadline make no sense; the message is for people
     * @throws IOException if it cannot be recorded, and so does not exist
     */
    public Deployment open(
            Run<?, ?> build, String environment, DeploymentDescription description, Optional<Duration> deadline)
            throws DeploymentClosedException, IOException {
        Job<?, ?> job = build.getParent();
        EnvironmentPolicy policy = PolicyLookup.get().require(job, environment);
        StepArguments.check(description, deadline);
        BuildDeployments deployments = BuildDeployments.mark(build);
        Optional<LiveDeployment> orphan = deployments.gates().stream()
                .filter(gate -> gate.isOrphan() && isFor(gate, environment))
                .findFirst();
        if (orphan.isPresent()) {
            Reevaluation.get().reevaluate(orphan.get());
            orphan.get().takeUp();
            return audited(orphan.get());
        }
        List<String> requesters = Requesters.of(build);
        DeploymentRequest request = new DeploymentRequest(
                environment,
                new RequestOrigin(requesters, requesters.isEmpty(), List.of()),
                Optional.empty(),
                description,
                deadline);
        Instant now = clock.instant();
        Deployment created = Deployment.created(
                DeploymentNumbers.get().nextId(), DeploymentNumbers.get().nextIid(job), request, policy, now);
        LiveDeployment gate = new LiveDeployment(build, created.id());
        // Nobody waits for what is never blocked, so a pipeline that forgets it in a crash may open another.
        Deployment first = policy.deployRefusal(request.origin(), requesters(job, request, policy))
                .map(refusal -> created.forbid(refusal, now))
                .orElseGet(() -> created.evaluate(policy, now));
        gate.open(first.status() == Status.BLOCKED ? first : first.anchor());
        deployments.add(gate);
        LOGGER.info(() -> "Deployment " + created.id() + " of " + build + " to " + environment + " is opened");
        return audited(gate);
    }

    /** What waits can wait for the audit ledger too; what would go on at once must not go on without it. */
    private static Deployment audited(LiveDeployment gate) throws IOException {
        if (!gate.isAudited() && gate.current().status() == Status.RUNNING) {
            throw new IOException(Messages.DeploymentLifecycle_NotAudited());
        }
        return gate.current();
    }

    /** The security realm is asked for groups only where they matter. */
    private static List<Voter> requesters(Job<?, ?> job, DeploymentRequest request, EnvironmentPolicy policy) {
        boolean restricted = !policy.access().lists().isEmpty();
        return request.requesters().stream()
                .map(id -> restricted ? Caller.absent(id, job) : new Voter(id, Set.of(), false, Set.of()))
                .toList();
    }

    private static boolean isFor(LiveDeployment gate, String environment) {
        try {
            return gate.current().environment().equals(environment);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + gate.id() + " of " + gate.build() + " stays blocked");
            return false;
        }
    }

    /**
     * Makes a step the one that is told of the decision. Called when the step has begun to wait; {@link #anchor} follows
     * when the state of the pipeline on disk holds it.
     *
     * @param build the build
     * @param id the deployment
     * @param step who waits
     * @return whether the record can be read; if not, the step stays blocked until it can
     * @throws IOException if the build has no such deployment
     */
    public boolean attach(Run<?, ?> build, long id, LiveStep step) throws IOException {
        return attach(find(build, id), step);
    }

    /**
     * Makes a step that Jenkins has resumed the one that is told of the decision; tells it at once if there is one.
     *
     * @param build the build
     * @param id the deployment
     * @param step who waits
     * @return whether the record can be read; if not, the step stays blocked until it can
     * @throws IOException if the build has no such deployment
     */
    public boolean resume(Run<?, ?> build, long id, LiveStep step) throws IOException {
        LiveDeployment gate = find(build, id);
        gate.anchor();
        return attach(gate, step);
    }

    /**
     * Hears that the state of the pipeline on disk holds the step that waits for a deployment. Only then is the step told
     * of a decision, so that no crash can make the pipeline ask again for what was decided.
     *
     * @param build the build
     * @param id the deployment
     */
    public void anchor(Run<?, ?> build, long id) {
        BuildDeployments deployments = BuildDeployments.of(build);
        if (deployments != null) {
            deployments.gates().stream().filter(gate -> gate.id() == id).forEach(gate -> {
                gate.anchor();
                gate.deliver();
            });
        }
    }

    private static LiveDeployment find(Run<?, ?> build, long id) throws IOException {
        LiveDeployment gate = BuildDeployments.mark(build).expect(id);
        if (gate == null) {
            throw new IOException(Messages.DeploymentLifecycle_Gone(id));
        }
        return gate;
    }

    private static boolean attach(LiveDeployment gate, LiveStep step) {
        gate.attach(step);
        try {
            gate.current();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + gate.id() + " of " + gate.build() + " stays blocked");
            return false;
        }
        Reevaluation.get().reevaluate(gate);
        gate.deliver();
        return true;
    }

    /**
     * Ends a deployment because its step was interrupted. A record that cannot be written now is put right when the
     * build ends, or when somebody looks at it after that.
     *
     * @param build the build
     * @param id the deployment
     */
    public void cancel(Run<?, ?> build, long id) {
        BuildDeployments deployments = BuildDeployments.of(build);
        if (deployments != null) {
            deployments.gates().stream()
                    .filter(gate -> gate.id() == id)
                    .forEach(gate -> finish(deployments, gate, Result.ABORTED));
        }
    }

    /** Ends all deployments of a build that has ended. */
    void buildEnded(Run<?, ?> build) {
        BuildDeployments deployments = BuildDeployments.of(build);
        if (deployments != null) {
            for (LiveDeployment gate : deployments.gates()) {
                finish(deployments, gate, build.getResult());
            }
        }
    }

    private void finish(BuildDeployments deployments, LiveDeployment gate, Result result) {
        try {
            gate.finish(now -> ended(now, result));
            deployments.remove(gate);
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING, e, () -> "Cannot record the end of deployment " + gate.id() + " of " + gate.build());
        }
    }

    /** Ends a deployment by the result of its build. A blocked one has no result; an unstable build has deployed. */
    private Deployment ended(Deployment deployment, @CheckForNull Result result) {
        Instant now = clock.instant();
        if (deployment.status() != Status.RUNNING || result == null || result.isWorseThan(Result.FAILURE)) {
            EndReason reason = result == Result.ABORTED ? EndReason.BUILD_ABORTED : EndReason.BUILD_ENDED;
            return deployment.cancel(Ending.canceled(reason, "", ""), now);
        }
        return deployment.finish(result == Result.FAILURE ? Status.FAILED : Status.SUCCESS, now);
    }

    /** Finds the gate of a running build, or makes one with which the file of a build that has ended can be read. */
    public static LiveDeployment gate(Run<?, ?> build, long id) throws IOException {
        BuildDeployments deployments = BuildDeployments.of(build);
        LiveDeployment live = deployments == null ? null : deployments.find(id);
        return live == null ? new LiveDeployment(build, id) : live;
    }

    /** Reads a deployment of any build, and puts right what a crash left open in a build that runs no more. */
    public Deployment read(Run<?, ?> build, long id) throws IOException {
        LiveDeployment gate = gate(build, id);
        if (!build.isBuilding()) {
            gate.finish(now -> ended(now, build.getResult()));
            LiveDeployments.get().remove(gate);
        }
        Deployment current = gate.current();
        gate.deliver();
        return current;
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
