package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.GroupApprover;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.springframework.security.core.GrantedAuthority;

/**
 * Finds users and groups by number among those that could have been given out: the users that Jenkins knows, the groups
 * that the authorization strategy knows and those of the caller, and whoever is configured already.
 */
public final class KnownNumbers {

    private final List<ApproverConfig> configured;

    /** @param environments what is configured where the number is sent to */
    public KnownNumbers(Collection<ProtectedEnvironment> environments) {
        this.configured = environments.stream()
                .flatMap(environment -> Stream.concat(
                        Stream.concat(environment.getApprovers().stream(), environment.getDeployAccess().stream()),
                        environment.getApprovalRules().stream().flatMap(rule -> rule.getApprovers().stream())))
                .toList();
    }

    /** @throws ApiException 422 if nobody has that number */
    String user(long number, String field) {
        Stream<String> named = configured.stream()
                .flatMap(approver -> approver instanceof UserApprover user ? Stream.of(user.getId()) : Stream.empty());
        Stream<String> known = User.getAll().stream().map(User::getId);
        return found(
                Stream.concat(named, known)
                        .filter(id -> UserJson.number(id) == number)
                        .findFirst(),
                field + ".user_id");
    }

    /** @throws ApiException 422 if no group has that number */
    String group(long number, String field) {
        Stream<String> named = configured.stream()
                .flatMap(approver ->
                        approver instanceof GroupApprover group ? Stream.of(group.getName()) : Stream.empty());
        Stream<String> known = Jenkins.get().getAuthorizationStrategy().getGroups().stream();
        Stream<String> own =
                Jenkins.getAuthentication2().getAuthorities().stream().map(GrantedAuthority::getAuthority);
        return found(
                Stream.concat(named, Stream.concat(known, own))
                        .filter(name -> Levels.group(name) == number)
                        .findFirst(),
                field + ".group_id");
    }

    private static String found(Optional<String> name, String field) {
        return name.orElseThrow(() -> ApiException.unprocessable(Messages.KnownNumbers_Nobody(field)));
    }
}
