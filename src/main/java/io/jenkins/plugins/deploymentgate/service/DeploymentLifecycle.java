package io.jenkins.plugins.deploymentgate.service;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.console.HyperlinkNote;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.PolicyUnavailableException;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentName;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.FailureReason;
import io.jenkins.plugins.deploymentgate.engine.ProtectedEnvironments;
import io.jenkins.plugins.deploymentgate.engine.Status;
import io.jenkins.plugins.deploymentgate.store.Numbers;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Begins and ends deployments, as pipelines reach their gates, builds end and policies change. Votes go through
 * {@link ApprovalService}.
 */
@Extension
public class DeploymentLifecycle {

    /** The longest message of a pipeline to its approvers, in UTF-16 units. */
    public static final int MAX_MESSAGE = 10_000;

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
     * @param message what the pipeline tells the approvers; empty if nothing
     * @return the deployment, on disk: blocked, or running if nobody has to approve any more,
     *     or failed if it was rejected already
     * @throws GateClosedException if the deployment may not even wait; nothing is recorded then
     * @throws IOException if it cannot be recorded, and so does not exist
     */
    public Deployment open(Run<?, ?> build, String environment, String message)
            throws GateClosedException, IOException {
        EnvironmentPolicy policy = policyFor(environment);
        if (message.length() > MAX_MESSAGE) {
            throw new IllegalArgumentException(Messages.DeploymentLifecycle_MessageTooLong(MAX_MESSAGE));
        }
        BuildDeployments deployments = BuildDeployments.mark(build);
        Optional<Gate> orphan = deployments.gates().stream()
                .filter(gate -> gate.isOrphan() && isFor(gate, environment))
                .findFirst();
        if (orphan.isPresent()) {
            reevaluate(orphan.get());
            return orphan.get().takeUp();
        }
        Deployment created = Deployment.created(
                Numbers.get().nextId(),
                Numbers.get().nextIid(build.getParent().getRootDir()),
                environment,
                Requesters.of(build),
                message,
                policy,
                clock.instant());
        Gate gate = new Gate(build, created.id());
        gate.open(created.evaluate(policy, clock.instant()));
        deployments.add(gate);
        LOGGER.info(() -> "Deployment " + created.id() + " of " + build + " to " + environment + " is "
                + (policy.requiredApprovals() == 0 ? "running" : "blocked"));
        return gate.current();
    }

    private static boolean isFor(Gate gate, String environment) {
        try {
            return gate.current().environment().equals(environment);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + gate.id() + " of " + gate.build() + " stays blocked");
            return false;
        }
    }

    private static EnvironmentPolicy policyFor(String environment) throws GateClosedException {
        ProtectedEnvironments environments;
        try {
            environments = DeploymentGateConfiguration.get().protectedEnvironments();
        } catch (PolicyUnavailableException e) {
            throw new GateClosedException(FailureReason.POLICY_UNAVAILABLE, e.getMessage());
        }
        String shown = ConsoleText.oneLine(environment);
        if (EnvironmentName.problemOfName(environment).isPresent()) {
            throw new GateClosedException(
                    FailureReason.ENVIRONMENT_UNKNOWN, Messages.DeploymentLifecycle_NotAName(shown));
        }
        Optional<EnvironmentPolicy> policy = environments.policyFor(environment);
        if (policy.isPresent()) {
            return policy.get();
        }
        String known = environments.names().isEmpty()
                ? Messages.DeploymentLifecycle_NoneKnown()
                : Messages.DeploymentLifecycle_Known(String.join(", ", environments.names()));
        String meant = environments
                .nearestTo(environment)
                .map(nearest -> " " + Messages.DeploymentLifecycle_DidYouMean(nearest))
                .orElse("");
        throw new GateClosedException(
                FailureReason.ENVIRONMENT_UNKNOWN, Messages.DeploymentLifecycle_Unknown(shown) + meant + " " + known);
    }

    /**
     * Makes a step the one that is told of the decision; tells it at once if there is one already. Called when the step
     * has begun to wait, and again whenever Jenkins has resumed its build.
     *
     * @param build the build
     * @param id the deployment
     * @param step who waits
     * @return whether the record can be read; if not, the step stays blocked until it can
     * @throws IOException if the build has no such deployment
     */
    public boolean attach(Run<?, ?> build, long id, LiveStep step) throws IOException {
        Gate gate = BuildDeployments.mark(build).find(id);
        if (gate == null) {
            throw new IOException(Messages.DeploymentLifecycle_Gone(id));
        }
        gate.attach(step);
        try {
            gate.current();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Deployment " + id + " of " + build + " stays blocked");
            return false;
        }
        reevaluate(gate);
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
            for (Gate gate : deployments.gates()) {
                finish(deployments, gate, build.getResult());
            }
        }
    }

    private void finish(BuildDeployments deployments, Gate gate, Result result) {
        try {
            gate.finish(now -> now.finish(outcome(now, result), clock.instant()));
            deployments.remove(gate);
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING, e, () -> "Cannot record the end of deployment " + gate.id() + " of " + gate.build());
        }
    }

    /**
     * What became of a deployment whose build has ended: nobody decides a blocked one any more; for the others the
     * build's result speaks, in which an unstable build has deployed all the same.
     */
    private static Status outcome(Deployment deployment, Result result) {
        if (deployment.status() != Status.RUNNING || result == null) {
            return Status.CANCELED;
        } else if (result.isBetterOrEqualTo(Result.UNSTABLE)) {
            return Status.SUCCESS;
        }
        return result == Result.FAILURE ? Status.FAILED : Status.CANCELED;
    }

    /** Finds the gate of a running build, or makes one with which the file of a build that has ended can be read. */
    static Gate gate(Run<?, ?> build, long id) throws IOException {
        BuildDeployments deployments = BuildDeployments.of(build);
        Gate live = deployments == null ? null : deployments.find(id);
        return live == null ? new Gate(build, id) : live;
    }

    /** Reads a deployment of any build, and puts right what a crash left open in a build that runs no more. */
    Deployment read(Run<?, ?> build, long id) throws IOException {
        Gate gate = gate(build, id);
        if (!build.isBuilding()) {
            gate.finish(now -> now.finish(outcome(now, build.getResult()), clock.instant()));
            GateRegistry.get().remove(gate);
        }
        Deployment current = gate.current();
        gate.deliver();
        return current;
    }

    /** Judges every blocked deployment by the policy as it is now. Called off the request thread. */
    void policyChanged() {
        for (Gate gate : GateRegistry.get().all()) {
            if (gate.isBlocked()) {
                reevaluate(gate);
                gate.deliver();
            }
        }
    }

    private void reevaluate(Gate gate) {
        try {
            if (gate.reevaluate(DeploymentLifecycle::policyOfNow, clock.instant())) {
                gate.print(Messages.DeploymentLifecycle_ReleasedByPolicy(
                        gate.current().environment()));
                LOGGER.info(() -> "Deployment " + gate.id() + " of " + gate.build() + " was released by a new policy");
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING, e, () -> "Cannot judge deployment " + gate.id() + " of " + gate.build() + " anew");
        }
    }

    private static Optional<EnvironmentPolicy> policyOfNow(Deployment deployment) {
        try {
            return DeploymentGateConfiguration.get().protectedEnvironments().policyFor(deployment.environment());
        } catch (PolicyUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "Deployment " + deployment.id() + " stays as it is");
            return Optional.empty();
        }
    }

    /** @return the names of all environments that are protected by name, for a form; none if they cannot be read */
    public List<String> environmentNames() {
        try {
            return DeploymentGateConfiguration.get().protectedEnvironments().names().stream()
                    .filter(name -> EnvironmentName.problemOfName(name).isEmpty())
                    .toList();
        } catch (PolicyUnavailableException e) {
            LOGGER.log(Level.FINE, e, () -> "No names to offer");
            return List.of();
        }
    }

    /**
     * @param environment what a pipeline might give as a name
     * @return why its gate would fail at once, for a form; empty if it would not
     */
    public Optional<String> problemOf(String environment) {
        try {
            policyFor(environment);
            return Optional.empty();
        } catch (GateClosedException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * @param build a build
     * @param text what the link says
     * @return a console annotation that leads to the page of its deployments
     */
    public static String linkTo(Run<?, ?> build, String text) {
        return HyperlinkNote.encodeTo("/" + build.getUrl() + ApprovalService.PAGE + "/", text);
    }
}
