package io.jenkins.plugins.deploymentgate.api;

import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.engine.Status;
import io.jenkins.plugins.deploymentgate.service.DeploymentFinder;
import io.jenkins.plugins.deploymentgate.service.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.service.DeploymentQuery.Order;
import io.jenkins.plugins.deploymentgate.service.DeploymentView;
import io.jenkins.plugins.deploymentgate.service.DeploymentViews;
import io.jenkins.plugins.deploymentgate.service.FoundDeployment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /projects/:id/deployments}: to whoever may read the job. */
final class DeploymentEndpoints {

    /** A status that GitLab has and we never give: nothing is found, and it is no error. */
    private static final String SKIPPED = "skipped";

    void addTo(Router router) {
        router.add("GET", "/projects/{id}/deployments", DeploymentEndpoints::list);
        router.add("GET", "/projects/{id}/deployments/{deployment_id}", DeploymentEndpoints::show);
    }

    private static Reply list(ApiRequest request) throws IOException {
        Item project = Items.project(request.variable("id"));
        Page page = Page.of(request.query());
        DeploymentQuery query = query(request.query());
        List<FoundDeployment> found =
                request.query().text("status").filter(SKIPPED::equals).isPresent()
                        ? List.of()
                        : DeploymentFinder.get().search(ProjectShape.jobsOf(project), query);
        List<DeploymentJson> here = new ArrayList<>();
        for (FoundDeployment one : page.of(found)) {
            Run<?, ?> build = one.job().getBuildByNumber(one.number());
            if (build != null) {
                here.add(json(request, build, one.deployment().id()));
            }
        }
        return page.reply(request, here, found.size());
    }

    private static DeploymentQuery query(Query query) {
        return new DeploymentQuery(
                query.text("environment"),
                query.parsed("status", DeploymentEndpoints::status).flatMap(status -> status),
                query.time("updated_after"),
                query.time("updated_before"),
                query.time("finished_after"),
                query.time("finished_before"),
                query.parsed("order_by", DeploymentEndpoints::order).orElse(Order.ID),
                query.parsed("sort", DeploymentEndpoints::descending).orElse(false));
    }

    /** @return the status, which is empty for one that we never give; empty if there is no such status */
    private static Optional<Optional<Status>> status(String word) {
        return word.equals(SKIPPED)
                ? Optional.of(Optional.empty())
                : Stream.of(Status.values())
                        .filter(status -> status.word().equals(word))
                        .findFirst()
                        .map(Optional::of);
    }

    private static Optional<Order> order(String word) {
        return Stream.of(Order.values())
                .filter(order -> order.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    private static Optional<Boolean> descending(String word) {
        return Stream.of("asc", "desc").filter(word::equals).findFirst().map("desc"::equals);
    }

    private static Reply show(ApiRequest request) throws IOException {
        return Reply.ok(json(request, build(request), id(request)));
    }

    static DeploymentJson json(ApiRequest request, Run<?, ?> build, long id) throws IOException {
        DeploymentView view = DeploymentViews.get().view(build, id).orElseThrow(DeploymentEndpoints::notFound);
        return DeploymentJson.of(build, view, request.root());
    }

    /**
     * @param request a request at an address below a deployment
     * @return the build of the deployment
     * @throws ApiException 404 if the caller may not read the project, or it has no such deployment
     */
    static Run<?, ?> build(ApiRequest request) throws IOException {
        Item project = Items.project(request.variable("id"));
        return DeploymentFinder.get()
                .buildOf(ProjectShape.jobsOf(project), id(request))
                .orElseThrow(DeploymentEndpoints::notFound);
    }

    /** @return the id of the deployment in the address of the request; one that nothing has if it is no number */
    static long id(ApiRequest request) {
        return NumericIds.parse(request.variable("deployment_id"));
    }

    private static ApiException notFound() {
        return ApiException.notFound("Deployment");
    }
}
