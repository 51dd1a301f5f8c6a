package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.config.ApproverConfig;
import io.jenkins.plugins.deploymentgate.config.GroupApprover;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.GrantedAuthority;

/**
 * Finds users and groups by number among those whose numbers the API can have returned: the users that Jenkins knows,
 * the groups that the authorization strategy knows, the groups of the caller, and the configured users and groups.
 */
@Restricted(NoExternalUse.class)
public final class KnownNumbers {

    private final List<ApproverConfig> configured;

    /** @param environments the protected environments of the scope that the request is for */
    public KnownNumbers(Collection<ProtectedEnvironment> environments) {
        this.configured = environments.stream()
                .flatMap(environment -> Stream.concat(
                        Stream.concat(environment.getApprovers().stream(), environment.getDeployAccess().stream()),
                        environment.getApprovalRules().stream().flatMap(rule -> rule.getApprovers().stream())))
                .toList();
    }

    /** @throws ApiException 422 if no user has this number, 409 if several have it */
    String user(long number, String field) {
        Stream<String> named = configured.stream()
                .flatMap(approver -> approver instanceof UserApprover user ? Stream.of(user.getId()) : Stream.empty());
        Stream<String> known = User.getAll().stream().map(User::getId);
        return found(number, Stream.concat(known, named), UserJson::number, Identities::user, field + ".user_id");
    }

    /** @throws ApiException 422 if no group has this number, 409 if several have it */
    String group(long number, String field) {
        Stream<String> named = configured.stream()
                .flatMap(approver ->
                        approver instanceof GroupApprover group ? Stream.of(group.getName()) : Stream.empty());
        Stream<String> known = Jenkins.get().getAuthorizationStrategy().getGroups().stream();
        Stream<String> own =
                Jenkins.getAuthentication2().getAuthorities().stream().map(GrantedAuthority::getAuthority);
        return found(
                number,
                Stream.concat(named, Stream.concat(known, own)),
                Levels::group,
                Identities::group,
                field + ".group_id");
    }

    private static String found(
            long number,
            Stream<String> names,
            ToLongFunction<String> numbering,
            UnaryOperator<String> canonical,
            String field) {
        Map<String, String> found = names.filter(name -> numbering.applyAsLong(name) == number)
                .collect(Collectors.toMap(canonical, Function.identity(), (first, again) -> first));
        return NumericIds.only(number, found.values().stream())
                .orElseThrow(() -> ApiException.unprocessable(Messages.KnownNumbers_Nobody(field)));
    }
}
