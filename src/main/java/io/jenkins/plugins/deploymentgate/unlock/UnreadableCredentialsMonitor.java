package io.jenkins.plugins.deploymentgate.unlock;

import hudson.model.AdministrativeMonitor;
import java.io.File;
import java.util.Map;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Warns administrators of files with credentials of environments that cannot be read, so that nobody can use them. The file of a
 * folder is included once a build or a page has needed it.
 */
@OptionalExtension(requirePlugins = "credentials")
@Restricted(NoExternalUse.class)
public class UnreadableCredentialsMonitor extends AdministrativeMonitor {

    @Override
    public boolean isActivated() {
        return !getFiles().isEmpty();
    }

    @Override
    public String getDisplayName() {
        return Messages.UnreadableCredentialsMonitor_DisplayName();
    }

    /** @return the files with the reasons, for the page */
    public Map<File, String> getFiles() {
        return CredentialsFiles.get().unreadable();
    }
}
