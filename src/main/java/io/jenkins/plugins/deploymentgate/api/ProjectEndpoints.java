package io.jenkins.plugins.deploymentgate.api;

/** {@code /projects/:id}. */
final class ProjectEndpoints {

    void addTo(Router router) {
        router.add("GET", "/projects/{id}", ProjectEndpoints::show);
    }

    private static Reply show(ApiRequest request) {
        return Reply.ok(ProjectJson.of(Items.project(request.variable("id")), request.root()));
    }
}
