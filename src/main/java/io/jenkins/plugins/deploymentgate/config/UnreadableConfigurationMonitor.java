package io.jenkins.plugins.deploymentgate.config;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Tells administrators which protected environments could not be read, so that gates are closed because of it. Of folders
 * and jobs it knows as soon as a pipeline, a voter or a page has needed them.
 */
@Extension
@Restricted(NoExternalUse.class)
public class UnreadableConfigurationMonitor extends AdministrativeMonitor {

    @Override
    public boolean isActivated() {
        return !getScopes().isEmpty();
    }

    @Override
    public String getDisplayName() {
        return Messages.UnreadableConfigurationMonitor_DisplayName();
    }

    /** @return what could not be read, for the page */
    public List<ProtectionScope> getScopes() {
        return Stream.<ProtectionScope>concat(
                        Stream.of(DeploymentGateConfiguration.get()),
                        ItemScopes.get().unreadable().stream().map(ItemScope::of))
                .filter(scope -> scope.getLoadFailure().isPresent())
                .toList();
    }
}
