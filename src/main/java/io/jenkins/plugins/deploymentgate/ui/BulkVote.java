package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The votes of one person on several deployments, cast one after the other; each is answered for itself.
 *
 * @param answers one for each deployment
 * @param problem why none was cast at all; empty if they were
 * @param comment what the person wrote
 */
@Restricted(NoExternalUse.class)
public record BulkVote(List<Answer> answers, String problem, String comment) {

    private static final Logger LOGGER = Logger.getLogger(BulkVote.class.getName());

    /**
     * What became of one of the votes.
     *
     * @param name what it was about, for people
     * @param url its address below the server; empty if there is none
     * @param message what became of it, for people
     * @param taken whether it is on disk
     */
    public record Answer(String name, String url, String message, boolean taken) {}

    static BulkVote cast(@CheckForNull String[] ids, @CheckForNull String status, @CheckForNull String comment) {
        Optional<VoteDecision> decision = VoteDecision.of(status);
        String words = Util.fixNull(comment);
        if (decision.isEmpty()) {
            return new BulkVote(List.of(), Messages.DeploymentPage_NoDecision(), words);
        } else if (ids == null) {
            return new BulkVote(List.of(), Messages.BulkVote_NothingChosen(), words);
        }
        return new BulkVote(
                Stream.of(ids)
                        .distinct()
                        .map(id -> cast(id, decision.get(), words))
                        .toList(),
                "",
                words);
    }

    private static Answer cast(String id, VoteDecision decision, String comment) {
        Optional<DeploymentSummary> found =
                id.matches("[0-9]{1,18}") ? DeploymentSearch.get().find(Long.parseLong(id)) : Optional.empty();
        Optional<Run<?, ?>> build = found.flatMap(DeploymentSearch.get()::build);
        if (build.isEmpty()) {
            return new Answer(id, "", Messages.BulkVote_Gone(), false);
        }
        String name = Messages.BulkVote_Name(
                build.get().getFullDisplayName(),
                ConsoleText.target(found.get().environment(), found.get().place()));
        String url = build.get().getUrl() + BuildDeployments.URL_NAME + "/#deployment-" + id;
        try {
            VoteResult result =
                    ApprovalService.get().vote(build.get(), found.get().id(), decision, comment, Optional.empty());
            if (result instanceof VoteResult.Refused refused) {
                return new Answer(name, url, refused.message(), false);
            }
            return new Answer(
                    name,
                    url,
                    decision == VoteDecision.APPROVED ? Messages.BulkVote_Approved() : Messages.BulkVote_Rejected(),
                    true);
        } catch (IllegalArgumentException | UnavailableException e) {
            return new Answer(name, url, e.getMessage(), false);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "A vote on deployment " + id + " of " + build.get() + " was not taken");
            return new Answer(name, url, Messages.DeploymentPage_NotTaken(), false);
        }
    }

    /** @return the status of the response: a mixture of answers is one that was given */
    int code() {
        return problem.isEmpty() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_BAD_REQUEST;
    }
}
