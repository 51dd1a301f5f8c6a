package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;

/** Says the status of a deployment in the reader's language, and in a symbol. */
final class StatusWords {

    private StatusWords() {}

    /**
     * @param status where the deployment is in its life
     * @param reason why it failed; null unless it did, for a reason of its own
     * @return a few words
     */
    static String text(Status status, @CheckForNull EndReason reason) {
        return switch (status) {
            case CREATED -> Messages.Status_Created();
            case BLOCKED -> Messages.Status_Blocked();
            case RUNNING -> Messages.Status_Running();
            case SUCCESS -> Messages.Status_Success();
            case FAILED -> failure(reason);
            case CANCELED -> Messages.Status_Canceled();
        };
    }

    private static String failure(@CheckForNull EndReason reason) {
        if (reason == EndReason.DEPLOYMENT_REJECTED) {
            return Messages.Status_Rejected();
        } else if (reason == EndReason.DEPLOYMENT_EXPIRED) {
            return Messages.Status_Expired();
        }
        return reason == EndReason.DEPLOYMENT_FORBIDDEN ? Messages.Status_Forbidden() : Messages.Status_Failed();
    }

    /**
     * @param status where the deployment is in its life
     * @return the symbol that stands beside it
     */
    static String symbol(Status status) {
        return switch (status) {
            case CREATED, BLOCKED -> "symbol-status-nobuilt";
            case RUNNING -> "symbol-status-blue-anime";
            case SUCCESS -> "symbol-status-blue";
            case FAILED -> "symbol-status-red";
            case CANCELED -> "symbol-status-aborted";
        };
    }
}
