package io.jenkins.plugins.deploymentgate.core.deployment;

import java.util.Locale;

/**
 * Why a deployment failed or was canceled, where the result of its build does not say it. The words are stored and shown to
 * machines, so they never change.
 */
public enum EndReason {
    /** An approver rejected it, or it was overridden to be rejected. */
    DEPLOYMENT_REJECTED(Status.FAILED),
    /** Its deadline passed while it was blocked. */
    DEPLOYMENT_EXPIRED(Status.FAILED),
    /** Its environment does not accept what caused the build: see {@link Ending#refusal}. */
    DEPLOYMENT_FORBIDDEN(Status.FAILED),
    /** What its {@code deployment} block does has failed. */
    DEPLOYMENT_FAILED(Status.FAILED),
    /** Nothing protects an environment of that name. */
    ENVIRONMENT_UNKNOWN(Status.FAILED),
    /** The configuration that protects the environments cannot be read, so nothing may pass. */
    POLICY_UNAVAILABLE(Status.FAILED),
    /** The build, or its step, was aborted: by a person, or by something that only the text names. */
    BUILD_ABORTED(Status.CANCELED),
    /** A timeout of the pipeline interrupted the step or the build. */
    BUILD_TIMED_OUT(Status.CANCELED),
    /** A newer build of the job replaced the build: {@code abortPrevious} of the pipeline, or a milestone. */
    BUILD_SUPERSEDED(Status.CANCELED),
    /** A newer build of the job was released to the environment, or started to wait for it: see {@link Ending#by}. */
    DEPLOYMENT_SUPERSEDED(Status.CANCELED),
    /** A newer build of the job was deployed there before: see {@link Ending#by}. */
    DEPLOYMENT_OUTDATED(Status.CANCELED),
    /** It would wait for a build that waits for an environment which its own build holds: see {@link Ending#by}. */
    DEPLOYMENT_DEADLOCK(Status.CANCELED),
    /** The branch or the job of the build was removed. */
    JOB_REMOVED(Status.CANCELED),
    /** After a crash, the pipeline reached the gate again with another request, such as another version. */
    REQUEST_CHANGED(Status.CANCELED),
    /** The build ended in another way while the deployment was open. */
    BUILD_ENDED(Status.CANCELED);

    private final Status status;

    EndReason(Status status) {
        this.status = status;
    }

    /** @return the status of a deployment that ended for this reason: failed or canceled */
    public Status status() {
        return status;
    }

    /** @return the word for machines, in lower case */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages use the same words. */
    @Override
    public String toString() {
        return word();
    }
}
