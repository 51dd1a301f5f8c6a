package io.jenkins.plugins.deploymentgate.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/** Finds jobs and folders by full name. Items that the caller cannot read are reported as unknown. */
final class Places {

    private Places() {}

    /**
     * @param name the full name of a job or a folder
     * @return the item
     * @throws IllegalArgumentException if there is none that the caller can read; the command exits with 3
     */
    static Item item(String name) {
        Item item = readable(name);
        if (item instanceof Job || item instanceof ItemGroup) {
            return item;
        }
        throw new IllegalArgumentException(Messages.Places_Unknown(name));
    }

    @CheckForNull
    private static Item readable(String name) {
        try {
            return Jenkins.get().getItemByFullName(name);
        } catch (AccessDeniedException e) {
            // Item/Discover without Item/Read.
            return null;
        }
    }

    /** @return the deployments of a job, or of all jobs below a folder */
    static DeploymentScope scope(Item item) {
        return item instanceof Job
                ? DeploymentScope.job(item.getFullName())
                : DeploymentScope.below(item.getFullName());
    }
}
