package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionPoint;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.util.Optional;

/** Compares the script of a replay with that of its original. */
interface ReplayedScripts extends ExtensionPoint {

    /** @return which build it replays, and with which script; empty if it is no replay */
    Optional<RequestOrigin.Replay> compare(Run<?, ?> build);
}
