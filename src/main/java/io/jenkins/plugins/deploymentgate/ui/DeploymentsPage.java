package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.AbstractItem;
import hudson.model.Action;
import io.jenkins.plugins.deploymentgate.approval.EffectivePolicy;
import io.jenkins.plugins.deploymentgate.approval.PendingApprovals;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * The pages of the deployments of a job, of a folder, or of all jobs: what the reader can approve, what is blocked, the
 * environments, and the history. Readers see the deployments of jobs that they can read. The lists come from the read
 * model and from memory; no build is loaded.
 */
@Restricted(NoExternalUse.class)
public abstract class DeploymentsPage implements Action {

    /** The address, below the server and below an item. */
    static final String URL = "deployments";

    /** Where a request that has voted keeps the answers, which the page then shows. */
    static final String ANSWERS = DeploymentsPage.class.getName() + ".answers";

    private final DeploymentScope scope;

    /** @param scope whose deployments are shown */
    protected DeploymentsPage(DeploymentScope scope) {
        this.scope = scope;
    }

    /** @return the folder or job whose page this is; null for all of Jenkins */
    @CheckForNull
    public abstract AbstractItem getItem();

    @Override
    public String getIconFileName() {
        return "symbol-lock-closed";
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentsPage_DisplayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /** @return the address below the server, with a slash at the end */
    public String getAddress() {
        AbstractItem item = getItem();
        return (item == null ? "" : item.getUrl()) + URL + "/";
    }

    /** @return whether deployments of several jobs may be listed */
    public boolean isSeveralJobs() {
        return scope.below();
    }

    /** @return whether lists may miss deployments, because those are still being looked for */
    public boolean isIncomplete() {
        return !DeploymentSearch.get().isComplete();
    }

    /**
     * @param request asks for one of the pages, and in its parameter {@code search} for a part of the name of a job or of
     *     an environment
     * @return what waits for the reader, the longest waiting first
     */
    public ListPage<WaitingRow> waiting(StaplerRequest2 request) {
        List<PendingApprovals.Waiting> waiting = PendingApprovals.get().waiting(scope).stream()
                .filter(found -> isSearched(
                        request,
                        found.view().deployment().environment(),
                        found.build().getParent().getFullName()))
                .toList();
        return ListPage.of(waiting, ListPage.number(request), true).map(WaitingRow::new);
    }

    /** @return what the list of that shows; asks the same small question as {@link #doState} */
    public LiveState getLive() {
        return LiveState.of(PendingApprovals.get().state(scope), true);
    }

    /**
     * Says whether the list of what waits for the reader has changed since they loaded it.
     *
     * @return 304 if it has not; else 200
     */
    @GET
    public HttpResponse doState(StaplerRequest2 request) {
        return getLive().answer(request);
    }

    /** @return what is blocked, the longest waiting first */
    public ListPage<DeploymentRow> blocked(StaplerRequest2 request) {
        int number = ListPage.number(request);
        DeploymentFilter filter = DeploymentFilter.in(scope).with(Status.BLOCKED);
        return list(
                new DeploymentQuery(filter, DeploymentOrder.ID, false, ListPage.offset(number), ListPage.SIZE), number);
    }

    /**
     * @param request asks for one of the pages, and in its parameter {@code search} for a part of the name of a job or of
     *     an environment
     * @return the environments of each job
     */
    public ListPage<EnvironmentRow> environments(StaplerRequest2 request) {
        // Only what is on the page becomes rows, which look their jobs up.
        ListPage<EnvironmentSummary> page = ListPage.of(
                DeploymentSearch.get().environments(scope, true).stream()
                        .filter(found ->
                                isSearched(request, found.name(), found.latest().job()))
                        .toList(),
                ListPage.number(request),
                !isIncomplete());
        return page.map(EnvironmentRow::of);
    }

    /** @return what it searches for; empty for everything */
    public String search(StaplerRequest2 request) {
        String text = request.getParameter("search");
        return text == null ? "" : text.strip();
    }

    /** @return what follows the question mark in the address of what it searches for, before the number of the page */
    public String withoutPage(StaplerRequest2 request) {
        String search = search(request);
        return search.isEmpty() ? "" : "search=" + URLEncoder.encode(search, StandardCharsets.UTF_8) + "&";
    }

    private boolean isSearched(StaplerRequest2 request, String... names) {
        String wanted = search(request).toLowerCase(Locale.ROOT);
        return Stream.of(names).anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(wanted));
    }

    /** @return whether the reader may see what protects the environments here */
    public boolean isPolicyVisible() {
        return EffectivePolicy.isVisible(getItem());
    }

    /** Shows what protects the environments here; to those who may not see that, there is no such page. */
    @GET
    public void doPolicy(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        if (!isPolicyVisible()) {
            throw HttpResponses.notFound();
        }
        request.getView(this, "policy").forward(request, response);
    }

    /**
     * @param request may name an environment and a person
     * @return what protects the environments here
     */
    public PolicyView policy(StaplerRequest2 request) {
        return new PolicyView(getItem(), request);
    }

    /**
     * @param zone the id of the reader's time zone, which only views can ask Jenkins for; null for the server's
     * @return what it asks for
     */
    public HistoryFilter filter(StaplerRequest2 request, @CheckForNull String zone) {
        return new HistoryFilter(scope, request, Times.zone(zone));
    }

    /** @return one page of it */
    public ListPage<DeploymentRow> history(HistoryFilter filter) {
        DeploymentQuery query = filter.query();
        return filter.errors().isEmpty() ? list(query, filter.number()) : ListPage.wrong(filter.errors());
    }

    private static ListPage<DeploymentRow> list(DeploymentQuery query, int number) {
        DeploymentList list = DeploymentSearch.get().list(query);
        return new ListPage<>(
                list.entries().stream().map(DeploymentRow::new).toList(),
                list.total(),
                number,
                list.complete(),
                List.of());
    }

    /**
     * @param zone the id of the reader's time zone, which only views can ask Jenkins for; null for the server's
     * @return writes times on the page
     */
    public Times times(@CheckForNull String zone) {
        return new Times(zone);
    }

    /** @return the answers to the votes that it has cast; null if it has cast none */
    @CheckForNull
    public Object answers(StaplerRequest2 request) {
        return request.getAttribute(ANSWERS);
    }

    /**
     * Casts the vote of whoever is logged in on several deployments, those whose ids are in the parameter {@code id}, each
     * for itself. Answers with the page, and on it what became of each.
     *
     * @param status {@code approved} or {@code rejected}
     * @param comment their words, for each of them
     */
    @RequirePOST
    public void doVote(
            StaplerRequest2 request,
            StaplerResponse2 response,
            @QueryParameter String status,
            @QueryParameter String comment)
            throws IOException, ServletException {
        BulkVote answers = BulkVote.cast(request.getParameterValues("id"), status, comment);
        request.setAttribute(ANSWERS, answers);
        response.setStatus(answers.code());
        request.getView(this, "index").forward(request, response);
    }
}
