package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import hudson.PluginWrapper;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import java.util.LinkedHashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code /version} and {@code /metadata}: of Jenkins, with the version of this plugin as the revision. */
@Extension
@Restricted(NoExternalUse.class)
public class MetadataEndpoints implements Endpoint {

    @Override
    public void addTo(Router router) {
        router.add("GET", "/version", request -> Reply.ok(version()));
        router.add("GET", "/metadata", request -> Reply.ok(metadata()));
    }

    private static Map<String, Object> version() {
        PluginWrapper plugin = Jenkins.get().getPluginManager().getPlugin("deployment-gate");
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("version", Jenkins.VERSION);
        version.put("revision", plugin == null ? null : plugin.getVersion());
        return version;
    }

    private static Map<String, Object> metadata() {
        Map<String, Object> agentServer = new LinkedHashMap<>();
        agentServer.put("enabled", false);
        agentServer.put("externalUrl", null);
        agentServer.put("version", null);
        Map<String, Object> metadata = version();
        metadata.put("kas", agentServer);
        metadata.put("enterprise", false);
        return metadata;
    }
}
