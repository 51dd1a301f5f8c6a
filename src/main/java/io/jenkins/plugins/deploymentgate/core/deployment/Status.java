package io.jenkins.plugins.deploymentgate.core.deployment;

import java.util.Locale;

/** The status of a deployment, in GitLab's words. */
public enum Status {
    /** It has reached its gate and is not evaluated yet. */
    CREATED,
    /** It waits for approvals, for a wait or freeze to end, or for its turn. */
    BLOCKED,
    /** It is approved, or needs no approval, and the build goes on. */
    RUNNING,
    /** The build, or the block of its step, succeeded. */
    SUCCESS,
    /** The build or the block of its step failed, or the deployment was refused: see {@link EndReason}. */
    FAILED,
    /** The build or the block of its step was aborted, or ended without a result for the deployment: see {@link EndReason}. */
    CANCELED;

    /** @return GitLab's word for it, in lower case */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages use the same words. */
    @Override
    public String toString() {
        return word();
    }

    /** @return whether nothing can change any more */
    public boolean isFinal() {
        return this == SUCCESS || this == FAILED || this == CANCELED;
    }
}
