package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import io.jenkins.plugins.deploymentgate.api.http.ApiRequest;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import io.jenkins.plugins.deploymentgate.api.json.ProjectJson;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code /projects/:id}. */
@Extension
@Restricted(NoExternalUse.class)
public class ProjectEndpoints implements Endpoint {

    @Override
    public void addTo(Router router) {
        router.add("GET", "/projects/{id}", ProjectEndpoints::show);
    }

    private static Reply show(ApiRequest request) {
        return Reply.ok(ProjectJson.of(Items.project(request.variable("id")), request.root()));
    }
}
