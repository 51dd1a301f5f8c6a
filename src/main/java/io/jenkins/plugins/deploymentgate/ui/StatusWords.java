package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;

/** Says the status of a deployment in the reader's language, and in a symbol. */
final class StatusWords {

    private StatusWords() {}

    /**
     * @param status where the deployment is in its life
     * @param reason why it ended, where the result of its build does not say it; null otherwise
     * @return a few words
     */
    static String text(Status status, @CheckForNull EndReason reason) {
        return switch (status) {
            case CREATED -> Messages.Status_Created();
            case BLOCKED -> Messages.Status_Blocked();
            case RUNNING -> Messages.Status_Running();
            case SUCCESS -> Messages.Status_Success();
            case FAILED -> failure(reason);
            case CANCELED -> cancellation(reason);
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

    private static String cancellation(@CheckForNull EndReason reason) {
        if (reason == null) {
            return Messages.Status_Canceled();
        }
        return switch (reason) {
            case BUILD_ABORTED -> Messages.Status_Canceled_Aborted();
            case BUILD_TIMED_OUT -> Messages.Status_Canceled_TimedOut();
            case DEPLOYMENT_SUPERSEDED -> Messages.Status_Canceled_SupersededDeployment();
            case DEPLOYMENT_OUTDATED -> Messages.Status_Canceled_Outdated();
            case DEPLOYMENT_DEADLOCK -> Messages.Status_Canceled_Deadlock();
            case BUILD_SUPERSEDED -> Messages.Status_Canceled_Superseded();
            case JOB_REMOVED -> Messages.Status_Canceled_Removed();
            case REQUEST_CHANGED -> Messages.Status_Canceled_RequestChanged();
            default -> Messages.Status_Canceled_Ended();
        };
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
