package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A vote.
 *
 * @param status approved or rejected
 * @param comment null if there is none
 */
@Restricted(NoExternalUse.class)
public record ApprovalJson(UserJson user, String status, Instant createdAt, String comment) {

    public static ApprovalJson of(Approval approval, String root) {
        return new ApprovalJson(
                UserJson.of(approval.voter().id(), root),
                approval.decision().word(),
                approval.at(),
                approval.comment().isEmpty() ? null : approval.comment());
    }
}
