package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.AbstractItem;
import hudson.model.Item;

/**
 * A project, as GitLab shows one.
 *
 * @param name as people write it
 * @param path the last piece of its full name
 * @param pathWithNamespace its full name
 * @param defaultBranch null: Jenkins has no such thing
 */
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
