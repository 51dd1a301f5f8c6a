package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.json.ItemNumbers;
import io.jenkins.plugins.deploymentgate.api.json.NumericIds;
import io.jenkins.plugins.deploymentgate.api.json.ProjectShape;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;

/**
 * Finds projects and groups by number or full name. An item that the caller cannot read gets the same response as one that
 * does not exist.
 */
final class Items {

    private Items() {}

    /**
     * @param id a number, or a full name
     * @return a job, or a folder that is one project
     * @throws ApiException 404 if there is none that the caller can read, 409 if several have the number
     */
    static Item project(String id) {
        return find(id, ProjectShape::isProject).orElseThrow(() -> ApiException.notFound("Project"));
    }

    /**
     * @param id a number, or a full name
     * @return a folder that is not a project
     * @throws ApiException 404 if there is none that the caller can read, 409 if several have the number
     */
    static Item group(String id) {
        return find(id, item -> item instanceof ItemGroup && !ProjectShape.isProject(item))
                .orElseThrow(() -> ApiException.notFound("Group"));
    }

    /** A number takes precedence over a name that looks like one, so that no job can take the number of another. */
    private static Optional<Item> find(String id, Predicate<Item> type) {
        long number = NumericIds.parse(id);
        Stream<Item> numbered = ItemNumbers.namesOf(number).stream()
                .flatMap(name -> readable(name).stream())
                .filter(type);
        return NumericIds.only(number, numbered).or(() -> readable(id).filter(type));
    }

    private static Optional<Item> readable(String fullName) {
        try {
            return Optional.ofNullable(Jenkins.get().getItemByFullName(fullName, Item.class));
        } catch (AccessDeniedException e) {
            // Item/Discover without Item/Read.
            return Optional.empty();
        }
    }
}
