package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.GroupApprover;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A configured approver or deployer, in GitLab's fields and by the IDs of Jenkins.
 *
 * @param user the ID of a user
 * @param group the name of a group
 */
@Restricted(NoExternalUse.class)
public record ApproverJson(
        Integer accessLevel, String accessLevelDescription, Long userId, Long groupId, String user, String group) {

    /** For several approvers, for which GitLab has no fields. */
    static final ApproverJson NONE = new ApproverJson(null, null, null, null, null, null);

    public static ApproverJson of(ApproverConfig approver) {
        Levels levels = Levels.of(approver.toApprover());
        return new ApproverJson(
                levels.accessLevel(),
                levels.description(),
                levels.userId(),
                levels.groupId(),
                approver instanceof UserApprover one ? one.getId() : null,
                approver instanceof GroupApprover many ? many.getName() : null);
    }

    /** @return the text that identifies it within its list */
    String key() {
        return accessLevel + "\0" + userId + "\0" + groupId;
    }

    /** @return its display name */
    public String title() {
        return Optional.ofNullable(user).or(() -> Optional.ofNullable(group)).orElse(accessLevelDescription);
    }

    /** An approver in a request, alone or as part of another object. Exactly one of the fields is set. */
    public interface Input {

        /** @return 30, 40 or 60 */
        Integer accessLevel();

        /** @return the number of a user */
        Long userId();

        /** @return the number of a group */
        Long groupId();

        /** @return the id of a user */
        String user();

        /** @return the name of a group */
        String group();

        /** @return whether any field is set */
        default boolean isSet() {
            return accessLevel() != null || userId() != null || groupId() != null || user() != null || group() != null;
        }
    }

    /** An approver alone. */
    public record Plain(Integer accessLevel, Long userId, Long groupId, String user, String group) implements Input {}

    /**
     * @param input the approver in the request
     * @param field its path in the body, for messages
     * @return the approver as configuration
     * @throws ApiException 400 unless exactly one field is set, 422 if there is no such number or level, 409 if the
     *     number is ambiguous
     */
    public static ApproverConfig toConfig(Input input, String field, KnownNumbers numbers) {
        ApproverConfig found = null;
        int said = 0;
        if (input.accessLevel() != null) {
            if (AccessLevel.of(input.accessLevel()).isEmpty()) {
                throw ApiException.unprocessable(Messages.ApproverJson_NoSuchLevel(field));
            }
            found = new AccessLevelApprover(input.accessLevel());
            said++;
        }
        if (input.user() != null || input.userId() != null) {
            found = new UserApprover(input.user() != null ? input.user() : numbers.user(input.userId(), field));
            said++;
        }
        if (input.group() != null || input.groupId() != null) {
            found = new GroupApprover(input.group() != null ? input.group() : numbers.group(input.groupId(), field));
            said++;
        }
        if (said != 1) {
            throw ApiException.badRequest(Messages.ApproverJson_NotOne(field));
        }
        return found;
    }
}
