package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.AbstractItem;
import hudson.model.Item;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A project in the fields of GitLab.
 *
 * @param name the display name
 * @param path the name within its folder
 * @param pathWithNamespace the full name
 * @param defaultBranch always null
 */
@Restricted(NoExternalUse.class)
public record ProjectJson(
        long id,
        String description,
        String name,
        String nameWithNamespace,
        String path,
        String pathWithNamespace,
        String webUrl,
        String defaultBranch) {

    public static ProjectJson of(Item item, String root) {
        return new ProjectJson(
                ItemNumbers.of(item),
                item instanceof AbstractItem described ? described.getDescription() : null,
                item.getDisplayName(),
                item.getFullDisplayName(),
                item.getName(),
                item.getFullName(),
                root + item.getUrl(),
                null);
    }
}
