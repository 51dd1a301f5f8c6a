package io.jenkins.plugins.deploymentgate.core.deployment;

import java.util.Locale;

/** Where a deployment is in its life; GitLab's words. */
public enum Status {
    /** Reached its gate; what it needs has not been looked at yet. */
    CREATED,
    /** Waits for approvals. */
    BLOCKED,
    /** Approved, or in need of no approval: the build goes on. */
    RUNNING,
    /** The build ended well. */
    SUCCESS,
    /** The build failed, or the deployment was refused: see {@link EndReason}. */
    FAILED,
    /** The build was aborted. */
    CANCELED;

    /** @return GitLab's word for it, in lower case */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages speak one language. */
    @Override
    public String toString() {
        return word();
    }

    /** @return whether nothing can change any more */
    public boolean isFinal() {
        return this == SUCCESS || this == FAILED || this == CANCELED;
    }
}
