package io.jenkins.plugins.deploymentgate.api.endpoint;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.json.ItemNumbers;
import io.jenkins.plugins.deploymentgate.api.json.NumericIds;
import io.jenkins.plugins.deploymentgate.api.json.ProjectShape;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * Finds projects and groups by number or full name. What the caller may not read does not exist for them: it is answered
 * like what does not exist.
 */
final class Items {

    private Items() {}

    /**
     * @param id a number, or a full name
     * @return a job, or a folder that is one project
     * @throws ApiException 404 if there is none that the caller may read
     */
    static Item project(String id) {
        return find(id).filter(ProjectShape::isProject).orElseThrow(() -> ApiException.notFound("Project"));
    }

    /**
     * @param id a number, or a full name
     * @return a folder that is no project
     * @throws ApiException 404 if there is none that the caller may read
     */
    static Item group(String id) {
        return find(id).filter(item -> item instanceof ItemGroup && !ProjectShape.isProject(item))
                .orElseThrow(() -> ApiException.notFound("Group"));
    }

    /** A number goes before a name that looks like one, so that nobody can take a number away from its owner. */
    private static Optional<Item> find(String id) {
        return ItemNumbers.nameOf(NumericIds.parse(id))
                .map(Items::readable)
                .or(() -> Optional.ofNullable(readable(id)));
    }

    @CheckForNull
    private static Item readable(String fullName) {
        try {
            return Jenkins.get().getItemByFullName(fullName, Item.class);
        } catch (AccessDeniedException e) {
            // They may know that it is there, and no more. That is not enough here.
            return null;
        }
    }
}
