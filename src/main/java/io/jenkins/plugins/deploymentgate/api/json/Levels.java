package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.gate.People;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * An approver in the fields of GitLab. At most one of the first three is set.
 *
 * @param userId the number of a user
 * @param groupId the number of a group
 * @param accessLevel GitLab's number of an access level
 * @param description the display name
 */
@Restricted(NoExternalUse.class)
public record Levels(Long userId, Long groupId, Integer accessLevel, String description) {

    /** For approvers by permission, for which GitLab has no field. */
    static final Levels NONE = new Levels(null, null, null, null);

    static Levels of(Approver approver) {
        if (approver instanceof Approver.User user) {
            return new Levels(UserJson.number(user.id()), null, null, People.fullName(user.id()));
        } else if (approver instanceof Approver.Group group) {
            return new Levels(null, group(group.name()), null, group.name());
        }
        return approver instanceof Approver.Level level
                ? new Levels(null, null, level.level().number(), describe(level.level()))
                : NONE;
    }

    /** @return the number of a group */
    public static long group(String name) {
        return NumericIds.of(NumericIds.Kind.GROUP, Identities.group(name));
    }

    /** @return GitLab's name of the level */
    public static String describe(AccessLevel level) {
        return switch (level) {
            case DEVELOPER -> "Developers";
            case MAINTAINER -> "Maintainers";
            case ADMINISTRATOR -> "Admins";
        };
    }
}
