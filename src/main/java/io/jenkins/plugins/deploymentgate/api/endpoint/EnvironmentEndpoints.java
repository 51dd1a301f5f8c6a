package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.http.ApiRequest;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Page;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import io.jenkins.plugins.deploymentgate.api.json.DeploymentJson;
import io.jenkins.plugins.deploymentgate.api.json.EnvironmentJson;
import io.jenkins.plugins.deploymentgate.api.json.NumericIds;
import io.jenkins.plugins.deploymentgate.api.json.ProjectShape;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code /projects/:id/environments}: the environments with deployments of a project. */
@Extension
@Restricted(NoExternalUse.class)
public class EnvironmentEndpoints implements Endpoint {

    private static final String AVAILABLE = "available";
    private static final List<String> STATES = List.of(AVAILABLE, "stopping", "stopped");

    @Override
    public void addTo(Router router) {
        router.add("GET", "/projects/{id}/environments", EnvironmentEndpoints::list);
        router.add("GET", "/projects/{id}/environments/{environment_id}", EnvironmentEndpoints::show);
    }

    /**
     * An environment with further fields of GitLab.
     *
     * @param state always available
     * @param tier always null
     */
    record Environment(long id, String name, String slug, String externalUrl, String state, String tier) {

        static Environment of(Item project, String name) {
            EnvironmentJson brief = EnvironmentJson.of(project, name);
            return new Environment(brief.id(), name, brief.slug(), null, AVAILABLE, null);
        }
    }

    /** An environment with its last successful deployment, which can be null. */
    record EnvironmentDetails(
            long id,
            String name,
            String slug,
            String externalUrl,
            String state,
            String tier,
            DeploymentJson lastDeployment) {}

    private static Reply list(ApiRequest request) throws IOException {
        Item project = Items.project(request.variable("id"));
        Page page = Page.of(request.query());
        Optional<String> name = request.query().text("name");
        Optional<String> part = request.query().text("search").map(search -> search.toLowerCase(Locale.ROOT));
        boolean stopped = request.query()
                .parsed("states", state -> Optional.of(state).filter(STATES::contains))
                .filter(state -> !state.equals(AVAILABLE))
                .isPresent();
        List<String> names = stopped
                ? List.of()
                : names(project).stream()
                        .filter(found -> name.isEmpty() || name.get().equals(found))
                        .filter(found ->
                                part.isEmpty() || found.toLowerCase(Locale.ROOT).contains(part.get()))
                        .toList();
        return page.reply(request, names, found -> Environment.of(home(project), found));
    }

    private static Reply show(ApiRequest request) throws IOException {
        Item project = Items.project(request.variable("id"));
        long number = NumericIds.parse(request.variable("environment_id"));
        String name = NumericIds.only(
                        number,
                        names(project).stream().filter(each -> EnvironmentJson.number(home(project), each) == number))
                .orElseThrow(() -> ApiException.notFound("Environment"));
        Environment found = Environment.of(home(project), name);
        return Reply.ok(new EnvironmentDetails(
                found.id(),
                name,
                found.slug(),
                found.externalUrl(),
                found.state(),
                found.tier(),
                lastDeployment(request, project, name)));
    }

    /** @return the names of the environments with deployments, sorted */
    private static List<String> names(Item project) throws IOException {
        List<EnvironmentSummary> found = DeploymentSearch.get().environments(ProjectShape.scopeOf(project), false);
        DeploymentSearch.get().checkAvailable();
        return found.stream().map(EnvironmentSummary::name).toList();
    }

    private static DeploymentJson lastDeployment(ApiRequest request, Item project, String name) {
        List<DeploymentSummary> last = DeploymentSearch.get()
                .environment(ProjectShape.scopeOf(project), name)
                .flatMap(EnvironmentSummary::latestSuccessful)
                .stream()
                .toList();
        return DeploymentSearch.get().details(last).stream()
                .map(details -> DeploymentJson.of(details, request.root()))
                .findFirst()
                .orElse(null);
    }

    /** The environments of a branch have the numbers of those of its multibranch project. */
    private static Item home(Item project) {
        return project instanceof Job<?, ?> job ? ProjectShape.projectOf(job) : project;
    }
}
