package io.jenkins.plugins.deploymentgate.api.endpoint;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.api.http.ApiException;
import io.jenkins.plugins.deploymentgate.api.http.ApiRequest;
import io.jenkins.plugins.deploymentgate.api.http.Endpoint;
import io.jenkins.plugins.deploymentgate.api.http.Page;
import io.jenkins.plugins.deploymentgate.api.http.Query;
import io.jenkins.plugins.deploymentgate.api.http.Reply;
import io.jenkins.plugins.deploymentgate.api.http.Router;
import io.jenkins.plugins.deploymentgate.api.json.DeploymentJson;
import io.jenkins.plugins.deploymentgate.api.json.NumericIds;
import io.jenkins.plugins.deploymentgate.api.json.ProjectShape;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery.Position;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.search.DeploymentDetails;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** {@code /projects/:id/deployments}: needs Job/Read. */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentEndpoints implements Endpoint {

    /** A status of GitLab that no deployment here has: a filter for it is valid and matches nothing. */
    private static final String SKIPPED = "skipped";

    @Override
    public void addTo(Router router) {
        router.add("GET", "/projects/{id}/deployments", DeploymentEndpoints::list);
        router.add("GET", "/projects/{id}/deployments/{deployment_id}", DeploymentEndpoints::show);
    }

    private static Reply list(ApiRequest request) throws IOException {
        Item project = Items.project(request.variable("id"));
        Page page = Page.of(request.query());
        DeploymentQuery query = query(request.query(), ProjectShape.scopeOf(project), page);
        boolean byCursor = request.query()
                .parsed("pagination", DeploymentEndpoints::isKeyset)
                .orElse(false);
        if (request.query().text("status").filter(SKIPPED::equals).isPresent()) {
            return byCursor ? page.reply(request, List.of(), Optional.empty()) : page.reply(request, List.of(), 0);
        }
        Reply reply = byCursor ? listByCursor(request, page, query) : list(request, page, query);
        DeploymentSearch.get().checkAvailable();
        return reply;
    }

    private static Reply list(ApiRequest request, Page page, DeploymentQuery query) {
        DeploymentList found = DeploymentSearch.get().list(query);
        return page.reply(request, json(request, found.entries()), found.total());
    }

    /** Looks for one deployment more than is wanted, to know whether there is a next page. */
    private static Reply listByCursor(ApiRequest request, Page page, DeploymentQuery query) {
        DeploymentQuery longer =
                new DeploymentQuery(query.filter(), query.order(), query.descending(), 0, page.size() + 1);
        List<DeploymentSummary> found = request.query()
                .parsed("cursor", text -> Position.parse(text, query.order()))
                .map(position -> DeploymentSearch.get().list(longer.after(position)))
                .orElseGet(() -> DeploymentSearch.get().list(longer))
                .entries();
        List<DeploymentSummary> here = found.stream().limit(page.size()).toList();
        Optional<String> next = found.size() > here.size()
                ? Optional.of(
                        Position.of(here.get(here.size() - 1), query.order()).toString())
                : Optional.empty();
        return page.reply(request, json(request, here), next);
    }

    private static Optional<Boolean> isKeyset(String word) {
        return Stream.of("keyset", "offset").filter(word::equals).findFirst().map("keyset"::equals);
    }

    private static List<DeploymentJson> json(ApiRequest request, List<DeploymentSummary> summaries) {
        return DeploymentSearch.get().details(summaries).stream()
                .map(details -> DeploymentJson.of(details, request.root()))
                .toList();
    }

    private static DeploymentQuery query(Query query, DeploymentScope scope, Page page) {
        DeploymentFilter filter = DeploymentFilter.in(scope);
        filter = with(filter, query.text("environment"), DeploymentFilter::to);
        filter = with(
                filter,
                query.parsed("status", DeploymentEndpoints::status).flatMap(status -> status),
                DeploymentFilter::with);
        filter = with(filter, query.time("updated_after"), (one, at) -> one.after(DeploymentOrder.UPDATED_AT, at));
        filter = with(filter, query.time("updated_before"), (one, at) -> one.before(DeploymentOrder.UPDATED_AT, at));
        filter = with(filter, query.time("finished_after"), (one, at) -> one.after(DeploymentOrder.FINISHED_AT, at));
        filter = with(filter, query.time("finished_before"), (one, at) -> one.before(DeploymentOrder.FINISHED_AT, at));
        return new DeploymentQuery(
                filter,
                query.parsed("order_by", DeploymentEndpoints::order).orElse(DeploymentOrder.ID),
                query.parsed("sort", DeploymentEndpoints::descending).orElse(false),
                page.offset(),
                page.size());
    }

    private static <T> DeploymentFilter with(
            DeploymentFilter filter, Optional<T> wish, BiFunction<DeploymentFilter, T, DeploymentFilter> narrow) {
        return wish.map(value -> narrow.apply(filter, value)).orElse(filter);
    }

    /** @return the status, empty within for the one that no deployment has; empty if there is no such status */
    private static Optional<Optional<Status>> status(String word) {
        return word.equals(SKIPPED)
                ? Optional.of(Optional.empty())
                : Stream.of(Status.values())
                        .filter(status -> status.word().equals(word))
                        .findFirst()
                        .map(Optional::of);
    }

    private static Optional<DeploymentOrder> order(String word) {
        return Stream.of(DeploymentOrder.values())
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
        return DeploymentJson.of(DeploymentDetails.of(build, view), request.root());
    }

    /**
     * @param request a request at an address below a deployment
     * @return the build of the deployment
     * @throws ApiException 404 if the caller cannot read the project, or if it has no such deployment
     * @throws IOException if it cannot be found out
     */
    static Run<?, ?> build(ApiRequest request) throws IOException {
        DeploymentScope scope = ProjectShape.scopeOf(Items.project(request.variable("id")));
        Optional<Run<?, ?>> build = DeploymentSearch.get()
                .find(id(request))
                .filter(found -> scope.contains(found.job()))
                .flatMap(DeploymentSearch.get()::build);
        if (build.isEmpty()) {
            DeploymentSearch.get().checkAvailable();
        }
        return build.orElseThrow(DeploymentEndpoints::notFound);
    }

    /** @return the deployment ID in the path of the request; -1 if it is not a number */
    static long id(ApiRequest request) {
        return NumericIds.parse(request.variable("deployment_id"));
    }

    private static ApiException notFound() {
        return ApiException.notFound("Deployment");
    }
}
