package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.Run;
import hudson.util.HttpResponses;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpRedirect;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * One deployment on the page of its build, as the person sees it who asked for the page. A record that cannot be read is
 * shown as such, and nothing can be done with it.
 */
@Restricted(NoExternalUse.class)
public class DeploymentPage {

    /** Where a request that failed keeps what the page then shows. */
    static final String FAILED = DeploymentPage.class.getName() + ".failed";

    private static final Logger LOGGER = Logger.getLogger(DeploymentPage.class.getName());

    private final BuildDeploymentsPage page;
    private final long id;

    @CheckForNull
    private final DeploymentCard card;

    @CheckForNull
    private final String unavailable;

    DeploymentPage(BuildDeploymentsPage page, long id) {
        this.page = page;
        this.id = id;
        DeploymentCard readable = null;
        String reason = null;
        try {
            readable = DeploymentViews.get()
                    .view(page.getBuild(), id)
                    .map(DeploymentCard::new)
                    .orElse(null);
        } catch (UnavailableException e) {
            reason = e.getMessage();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot show deployment " + id + " of " + page.getBuild());
        }
        this.card = readable;
        this.unavailable = reason;
    }

    /**
     * A vote that was not taken.
     *
     * @param id the deployment
     * @param message why, for people
     * @param comment what they had written, so that they need not write it again
     */
    public record FailedVote(long id, String message, String comment) {}

    /**
     * A parameter of a build, as people may see it.
     *
     * @param name its name
     * @param value its value; stars in place of a secret
     */
    public record Parameter(String name, String value) {

        private static final String SECRET = "********";

        static List<Parameter> of(Run<?, ?> build) {
            return build.getActions(ParametersAction.class).stream()
                    .flatMap(action -> action.getParameters().stream())
                    .map(Parameter::of)
                    .toList();
        }

        private static Parameter of(ParameterValue value) {
            return new Parameter(
                    value.getName(), value.isSensitive() ? SECRET : Objects.toString(value.getValue(), ""));
        }
    }

    /** @return the id of the deployment */
    public long getId() {
        return id;
    }

    /** @return its address below the server, with a slash at the end */
    public String getUrl() {
        return page.getBuild().getUrl() + BuildDeployments.URL_NAME + "/" + id + "/";
    }

    /** @return what is known of it; null if its record cannot be read */
    @CheckForNull
    public DeploymentCard getCard() {
        return card;
    }

    /** @return why its record is not read now, though nothing is wrong with it; null if that is not the reason */
    @CheckForNull
    public String getUnavailable() {
        return unavailable;
    }

    /** Lists all that the deployment changes; 404 if its record cannot be read. */
    @GET
    public void doChanges(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        if (card == null) {
            throw HttpResponses.notFound();
        }
        request.getView(this, "changes").forward(request, response);
    }

    private Deployment deployment() {
        return Objects.requireNonNull(card, "a page asks first whether the record can be read")
                .getView()
                .deployment();
    }

    /** @return the page that it is on */
    public BuildDeploymentsPage getPage() {
        return page;
    }

    /** @return the build, for the side panel */
    public Run<?, ?> getBuild() {
        return page.getBuild();
    }

    /** @return what it changes, as far as that is known in a moment */
    public ChangesView getChanges() {
        return ChangesView.of(getBuild(), deployment(), Duration.ofMillis(300));
    }

    /** @return what it changes; takes some seconds if the change logs are long */
    public ChangesView getAllChanges() {
        return ChangesView.of(getBuild(), deployment(), Duration.ofSeconds(10));
    }

    /** @return the parameters of the build */
    public List<Parameter> getParameters() {
        return Parameter.of(getBuild());
    }

    /** @return whether it waits for approvals */
    public boolean isBlocked() {
        return card != null && card.isBlocked();
    }

    /** @return the vote on this deployment that the request could not cast; null if there is none */
    @CheckForNull
    public FailedVote failedVote(StaplerRequest2 request) {
        return request.getAttribute(FAILED) instanceof FailedVote failed && failed.id() == id ? failed : null;
    }

    /**
     * Leads to the deployment among those of its build.
     *
     * @return a redirect
     */
    public HttpResponse doIndex(StaplerRequest2 request) {
        return new HttpRedirect(request.getContextPath() + "/" + page.getBuild().getUrl() + BuildDeployments.URL_NAME
                + "/#" + "deployment-" + id);
    }

    /**
     * Casts the vote of whoever is logged in.
     *
     * @param status {@code approved} or {@code rejected}; anything else is answered with 400
     * @param comment their words
     * @param rule the name of the rule that the vote is for; empty for any that needs it
     * @return a redirect back to the page, once the vote is on disk; else the page with the reason, as 400, 403, 409
     *     or 500
     */
    @RequirePOST
    public HttpResponse doVote(
            @QueryParameter String status, @QueryParameter String comment, @QueryParameter String rule) {
        return decide(
                status,
                Messages.DeploymentPage_NoDecision(),
                comment,
                (decision, words) -> ApprovalService.get()
                        .vote(getBuild(), id, decision, words, Optional.ofNullable(Util.fixEmpty(rule))));
    }

    /**
     * Takes back the approval of whoever is logged in.
     *
     * @return a redirect back to the page, once that is on disk; else the page with the reason, as 403, 409 or 500
     */
    @RequirePOST
    public HttpResponse doWithdraw() {
        try {
            return answer(ApprovalService.get().withdraw(page.getBuild(), id), "");
        } catch (IOException e) {
            return notTaken(e, "");
        }
    }

    /**
     * Puts the policy aside on behalf of whoever is logged in.
     *
     * @param status {@code approved} to release the deployment, {@code rejected} to stop it; anything else is answered
     *     with 400
     * @param reason their words; 400 without any
     * @return a redirect back to the page, once that is on disk; else the page with the reason, as 400, 403, 409 or 500
     */
    @RequirePOST
    public HttpResponse doOverride(@QueryParameter String status, @QueryParameter String reason) {
        return decide(
                status,
                Messages.DeploymentPage_NoOverride(),
                reason,
                (decision, words) -> ApprovalService.get().override(getBuild(), id, decision, words));
    }

    private interface Action {
        VoteResult perform(VoteDecision decision, String words) throws IOException;
    }

    private HttpResponse decide(String status, String noDecision, @CheckForNull String text, Action action) {
        Optional<VoteDecision> decision = VoteDecision.of(status);
        String words = Util.fixNull(text);
        if (decision.isEmpty()) {
            return failed(HttpServletResponse.SC_BAD_REQUEST, noDecision, words);
        }
        try {
            return answer(action.perform(decision.get(), words), words);
        } catch (IllegalArgumentException e) {
            return failed(HttpServletResponse.SC_BAD_REQUEST, e.getMessage(), words);
        } catch (IOException e) {
            return notTaken(e, words);
        }
    }

    private HttpResponse answer(VoteResult result, String comment) {
        if (result instanceof VoteResult.Refused refused) {
            int code =
                    switch (refused.why().kind()) {
                        case INCOMPLETE -> HttpServletResponse.SC_BAD_REQUEST;
                        case FORBIDDEN -> HttpServletResponse.SC_FORBIDDEN;
                        case CONFLICT -> HttpServletResponse.SC_CONFLICT;
                    };
            return failed(code, refused.message(), comment);
        }
        return HttpResponses.redirectTo("..");
    }

    private HttpResponse notTaken(IOException e, String comment) {
        if (e instanceof UnavailableException) {
            return failed(HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage(), comment);
        }
        LOGGER.log(Level.WARNING, e, () -> "A vote on deployment " + id + " of " + page.getBuild() + " was not taken");
        return failed(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Messages.DeploymentPage_NotTaken(), comment);
    }

    private HttpResponse failed(int code, String message, String comment) {
        return new HttpResponse() {
            @Override
            public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node)
                    throws IOException, ServletException {
                request.setAttribute(FAILED, new FailedVote(id, message, comment));
                response.setStatus(code);
                if (code == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
                    response.setHeader("Retry-After", String.valueOf(UnavailableException.RETRY_SECONDS));
                }
                request.getView(page, "index").forward(request, response);
            }
        };
    }
}
