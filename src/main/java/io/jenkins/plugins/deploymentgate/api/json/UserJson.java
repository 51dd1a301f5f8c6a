package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.User;
import hudson.tasks.UserAvatarResolver;
import io.jenkins.plugins.deploymentgate.api.http.UserPages;
import io.jenkins.plugins.deploymentgate.config.Identities;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A user in the fields of GitLab. A user that Jenkins does not know has only the ID.
 *
 * @param username the user ID
 */
@Restricted(NoExternalUse.class)
public record UserJson(long id, String name, String username, String state, String avatarUrl, String webUrl) {

    private static final String AVATAR_SIZE = "48x48";

    public static UserJson of(User user, String root) {
        return new UserJson(
                number(user.getId()),
                user.getFullName(),
                user.getId(),
                "active",
                UserAvatarResolver.resolveOrNull(user, AVATAR_SIZE),
                root + UserPages.addressOf(user));
    }

    /** @param id a user ID, canonical or not */
    public static UserJson of(String id, String root) {
        User user = User.getById(id, false);
        return user == null ? new UserJson(number(id), id, id, null, null, null) : of(user, root);
    }

    /** @return the number of a user */
    public static long number(String id) {
        return NumericIds.of(NumericIds.Kind.USER, Identities.user(id));
    }
}
