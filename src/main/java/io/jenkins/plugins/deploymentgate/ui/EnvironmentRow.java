package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * An environment of a job in a list on a page.
 *
 * @param name the name of the environment
 * @param latest the latest deployment, whatever its status
 * @param running the latest that succeeded; null if none did
 */
@Restricted(NoExternalUse.class)
public record EnvironmentRow(
        String name, DeploymentRow latest, @CheckForNull DeploymentRow running) {

    static EnvironmentRow of(EnvironmentSummary summary) {
        return new EnvironmentRow(
                summary.name(),
                new DeploymentRow(summary.latest()),
                summary.latestSuccessful().map(DeploymentRow::new).orElse(null));
    }

    /** @return whether the latest deployment is not the one that runs */
    public boolean isChanging() {
        return running == null
                || running.getSummary().id() != latest.getSummary().id();
    }
}
