package io.jenkins.plugins.deploymentgate.api;

import hudson.Util;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.EnvironmentCopy;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/**
 * {@code /protected_environments}: what protects the whole Jenkins. A list is read, changed and written under the lock of
 * the configuration, so that no two changes can lose one another.
 */
final class ProtectedEnvironmentEndpoints {

    private static final String WHOLE_JENKINS = "";

    void addTo(Router router) {
        router.add("GET", "/protected_environments", ProtectedEnvironmentEndpoints::list);
        router.add("POST", "/protected_environments", ProtectedEnvironmentEndpoints::protect);
        router.add("GET", "/protected_environments/{name}", ProtectedEnvironmentEndpoints::show);
        router.add("PUT", "/protected_environments/{name}", ProtectedEnvironmentEndpoints::change);
        router.add("DELETE", "/protected_environments/{name}", ProtectedEnvironmentEndpoints::unprotect);
    }

    private static Reply list(ApiRequest request) {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        return Page.of(request.query()).reply(request, environments(), ProtectedEnvironmentEndpoints::json);
    }

    private static Reply show(ApiRequest request) {
        Jenkins.get().checkPermission(Jenkins.SYSTEM_READ);
        List<ProtectedEnvironment> all = environments();
        return Reply.ok(json(all.get(find(all, request))));
    }

    private static Reply protect(ApiRequest request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        ProtectedEnvironmentChange sent = request.body(ProtectedEnvironmentChange.class);
        if (Util.fixNull(sent.name()).isBlank()) {
            throw ApiException.badRequest(Messages.ProtectedEnvironmentEndpoints_NoName());
        }
        ProtectedEnvironment environment = new ProtectedEnvironment(sent.name());
        synchronized (DeploymentGateConfiguration.get()) {
            List<ProtectedEnvironment> all = new ArrayList<>(environments());
            if (indexOf(all, environment.getName()) >= 0) {
                throw ApiException.conflict(Messages.ProtectedEnvironmentEndpoints_AlreadyThere(environment.getName()));
            }
            sent.applyTo(environment, WHOLE_JENKINS, new KnownNumbers(all));
            all.add(environment);
            save(all);
        }
        return Reply.created(json(environment));
    }

    private static Reply change(ApiRequest request) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        ProtectedEnvironmentChange sent = request.body(ProtectedEnvironmentChange.class);
        synchronized (DeploymentGateConfiguration.get()) {
            List<ProtectedEnvironment> all = new ArrayList<>(environments());
            int at = find(all, request);
            ProtectedEnvironment environment = EnvironmentCopy.of(all.get(at));
            sent.applyTo(environment, WHOLE_JENKINS, new KnownNumbers(all));
            all.set(at, environment);
            save(all);
            return Reply.ok(json(environment));
        }
    }

    private static Reply unprotect(ApiRequest request) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        synchronized (DeploymentGateConfiguration.get()) {
            List<ProtectedEnvironment> all = new ArrayList<>(environments());
            all.remove(find(all, request));
            save(all);
        }
        return Reply.noContent();
    }

    /** @throws ApiException 409 if what is there cannot be read, and so must not be overwritten unseen */
    private static List<ProtectedEnvironment> environments() {
        DeploymentGateConfiguration configuration = DeploymentGateConfiguration.get();
        if (configuration.getLoadFailure().isPresent()) {
            throw ApiException.conflict(Messages.ProtectedEnvironmentEndpoints_Unreadable());
        }
        return configuration.getEnvironments();
    }

    private static void save(List<ProtectedEnvironment> all) {
        try {
            DeploymentGateConfiguration.get().setEnvironments(all);
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

    private static ProtectedEnvironmentJson json(ProtectedEnvironment environment) {
        return ProtectedEnvironmentJson.of(WHOLE_JENKINS, environment);
    }
}
