package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.GroupApprover;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import java.util.Optional;

/**
 * An approver, or somebody who may deploy, as it is configured: in GitLab's fields, and by the ids of Jenkins.
 *
 * @param user the id of a user
 * @param group the name of a group
 */
public record ApproverJson(
        Integer accessLevel, String accessLevelDescription, Long userId, Long groupId, String user, String group) {

    /** Several approvers, for which GitLab has no fields. */
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

    /** @return what tells it from the others in its list */
    String key() {
        return accessLevel + "\0" + userId + "\0" + groupId;
    }

    /** @return what somebody would call it */
    public String title() {
        return Optional.ofNullable(user).or(() -> Optional.ofNullable(group)).orElse(accessLevelDescription);
    }

    /**
     * An approver as it is sent, alone or as a part of something else: exactly one of these says who it is.
     */
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

        /** @return whether it says anything */
        default boolean isSet() {
            return accessLevel() != null || userId() != null || groupId() != null || user() != null || group() != null;
        }
    }

    /**
     * An approver alone.
     */
    public record Plain(Integer accessLevel, Long userId, Long groupId, String user, String group) implements Input {}

    /**
     * @param input what was sent
     * @param field where it stands, for people
     * @param numbers knows users and groups by number
     * @return it as configuration
     * @throws ApiException 400 unless exactly one thing says who it is, 422 if nobody has its number or there is no such
     *     level
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
