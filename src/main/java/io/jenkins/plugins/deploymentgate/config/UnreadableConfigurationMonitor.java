package io.jenkins.plugins.deploymentgate.config;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Warns administrators of protected environments that cannot be read and so keep gates closed. A folder or job is
 * included once a pipeline, a vote or a page has needed it.
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
