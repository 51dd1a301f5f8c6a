package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.api.http.Json;
import io.jenkins.plugins.deploymentgate.api.json.DeploymentJson;
import io.jenkins.plugins.deploymentgate.api.json.ProjectShape;
import io.jenkins.plugins.deploymentgate.search.DeploymentDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The JSON of the API as text, for the command line. Any thread may call. */
@Restricted(NoExternalUse.class)
public final class ApiTexts {

    private ApiTexts() {}

    /** @return the deployment as JSON */
    public static String of(DeploymentDetails deployment) throws IOException {
        return text(json(deployment));
    }

    /** @return the deployments as a JSON array */
    public static String of(List<DeploymentDetails> deployments) throws IOException {
        return text(deployments.stream().map(ApiTexts::json).toList());
    }

    private static DeploymentJson json(DeploymentDetails deployment) {
        return DeploymentJson.of(deployment, Util.fixNull(Jenkins.get().getRootUrl()));
    }

    /**
     * @param item a job, or a folder that is one project
     * @return the environments as a JSON array
     */
    public static String environments(Item item, List<String> names) throws IOException {
        Item project = item instanceof Job<?, ?> job ? ProjectShape.projectOf(job) : item;
        return text(names.stream()
                .map(name -> EnvironmentEndpoints.Environment.of(project, name))
                .toList());
    }

    private static String text(Object value) throws IOException {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }
}
