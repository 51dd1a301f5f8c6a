package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.http.ApiRequest;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Page;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import io.jenkins.plugins.deploymentgate.api.json.KnownNumbers;
import io.jenkins.plugins.deploymentgate.api.json.ProtectedEnvironmentJson;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * {@code /protected_environments}: the global ones, those of a group, which is a folder, and those of a project.
 * Reading needs the permissions of their pages, changing needs Deployment/Manage on the scope.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ProtectedEnvironmentEndpoints implements Endpoint {

    private static final String LIST = "/protected_environments";
    private static final String ONE = LIST + "/{name}";

    /** Finds the scope of a request. */
    private interface Place {

        /** @throws ApiException 404 if there is none that the caller can read */
        ProtectionScope of(ApiRequest request);
    }

    @Override
    public void addTo(Router router) {
        addTo(router, "", request -> DeploymentGateConfiguration.get());
        addTo(router, "/groups/{id}", request -> ItemScope.of(Items.group(request.variable("id"))));
        addTo(router, "/projects/{id}", request -> ItemScope.of(Items.project(request.variable("id"))));
    }

    private static void addTo(Router router, String prefix, Place place) {
        router.add("GET", prefix + LIST, request -> list(request, visible(place.of(request))));
        router.add("POST", prefix + LIST, request -> protect(request, manageable(place.of(request))));
        router.add("GET", prefix + ONE, request -> show(request, visible(place.of(request))));
        router.add("PUT", prefix + ONE, request -> change(request, manageable(place.of(request))));
        router.add("DELETE", prefix + ONE, request -> unprotect(request, manageable(place.of(request))));
    }

    private static ProtectionScope visible(ProtectionScope scope) {
        scope.getOwner().checkAnyPermission(DeploymentPermissions.MANAGE, scope.getReadPermission());
        return scope;
    }

    private static ProtectionScope manageable(ProtectionScope scope) {
        scope.getOwner().checkPermission(DeploymentPermissions.MANAGE);
        return scope;
    }

    private static Reply list(ApiRequest request, ProtectionScope scope) {
        return Page.of(request.query()).reply(request, environments(scope), environment -> json(scope, environment));
    }

    private static Reply show(ApiRequest request, ProtectionScope scope) {
        List<ProtectedEnvironment> all = environments(scope);
        return Reply.ok(json(scope, all.get(find(all, request))));
    }

    private static Reply protect(ApiRequest request, ProtectionScope scope) throws IOException {
        ProtectedEnvironmentChange sent = request.body(ProtectedEnvironmentChange.class);
        if (Util.fixNull(sent.name()).isBlank()) {
            throw ApiException.badRequest(Messages.ProtectedEnvironmentEndpoints_NoName());
        }
        ProtectedEnvironment environment = new ProtectedEnvironment(sent.name());
        save(scope, all -> {
            if (indexOf(all, environment.getName()) >= 0) {
                throw ApiException.conflict(Messages.ProtectedEnvironmentEndpoints_AlreadyThere(environment.getName()));
            }
            sent.applyTo(environment, scope.getFullName(), new KnownNumbers(all));
            all.add(environment);
            return all;
        });
        return Reply.created(json(scope, environment));
    }

    private static Reply change(ApiRequest request, ProtectionScope scope) throws IOException {
        ProtectedEnvironmentChange sent = request.body(ProtectedEnvironmentChange.class);
        List<ProtectedEnvironment> changed = new ArrayList<>();
        save(scope, all -> {
            int at = find(all, request);
            ProtectedEnvironment environment = all.get(at).copy();
            sent.applyTo(environment, scope.getFullName(), new KnownNumbers(all));
            all.set(at, environment);
            changed.add(environment);
            return all;
        });
        return Reply.ok(json(scope, changed.get(0)));
    }

    private static Reply unprotect(ApiRequest request, ProtectionScope scope) {
        save(scope, all -> {
            all.remove(find(all, request));
            return all;
        });
        return Reply.noContent();
    }

    /** @throws ApiException 409 if the configuration cannot be read, because it must not be overwritten unseen */
    private static List<ProtectedEnvironment> environments(ProtectionScope scope) {
        List<ProtectedEnvironment> environments = scope.getEnvironments();
        if (scope.getLoadFailure().isPresent()) {
            throw ApiException.conflict(Messages.ProtectedEnvironmentEndpoints_Unreadable());
        }
        return environments;
    }

    private static void save(ProtectionScope scope, UnaryOperator<List<ProtectedEnvironment>> change) {
        environments(scope);
        try {
            scope.change(change);
        } catch (IllegalArgumentException e) {
            throw ApiException.unprocessable(e.getMessage());
        }
    }

    private static int find(List<ProtectedEnvironment> all, ApiRequest request) {
        int at = indexOf(all, request.variable("name"));
        if (at < 0) {
            throw ApiException.notFound("Protected Environment");
        }
        return at;
    }

    private static int indexOf(List<ProtectedEnvironment> all, String name) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).getName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static ProtectedEnvironmentJson json(ProtectionScope scope, ProtectedEnvironment environment) {
        return ProtectedEnvironmentJson.of(scope.getFullName(), environment);
    }
}
