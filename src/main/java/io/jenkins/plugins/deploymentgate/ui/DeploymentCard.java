package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.approval.DeploymentLink;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.approval.Wording;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What a page says of a deployment, in words. */
@Restricted(NoExternalUse.class)
public class DeploymentCard {

    private final DeploymentView view;

    DeploymentCard(DeploymentView view) {
        this.view = view;
    }

    /** @return the deployment as its reader sees it */
    public DeploymentView getView() {
        return view;
    }

    /** @return its environment, and the blocks of the pipeline around its step */
    public String getTitle() {
        return ConsoleText.target(view.deployment());
    }

    /** @return whether it waits for approvals */
    public boolean isBlocked() {
        return view.deployment().status() == Status.BLOCKED;
    }

    /** @return its status in the reader's language */
    public String getStatusText() {
        Deployment deployment = view.deployment();
        if (getHeldUntil() != null) {
            return Messages.DeploymentCard_Status_Held();
        } else if (isQueued()) {
            return Messages.DeploymentCard_Status_Queued();
        }
        return isBlocked() && view.outstanding() == 0
                ? Messages.Status_Approved()
                : StatusWords.text(deployment.status(), deployment.endReason());
    }

    /** @return whether it is approved and waits for its turn */
    public boolean isQueued() {
        return isBlocked() && view.decision() instanceof Decision.Queued;
    }

    /** @return what it says instead of the deployment that it waits for, if that cannot be shown */
    public String getHiddenBehind() {
        return view.decision() instanceof Decision.Queued queued
                        && queued.behind().isPresent()
                ? Messages.DeploymentCard_HiddenBehind()
                : Messages.DeploymentCard_UnknownBehind();
    }

    /** @return the deployment that it waits for; null if there is none that the reader may know of */
    @CheckForNull
    public DeploymentLink getBehind() {
        return view.related().behind().orElse(null);
    }

    /** @return why its environment did not accept it; null if it did */
    @CheckForNull
    public String getWhyForbidden() {
        return Wording.whyForbidden(view.deployment(), PolicyWords.locale()).orElse(null);
    }

    /** @return the deployment because of which it was canceled; null if there is none that the reader may know of */
    @CheckForNull
    public DeploymentLink getCanceledBy() {
        return view.related().canceledBy().orElse(null);
    }

    /** @return the deployment of a newer build that it takes back on purpose; null if it does not */
    @CheckForNull
    public DeploymentLink getRollbackFrom() {
        return view.related().rollbackFrom().orElse(null);
    }

    /** @return when the approved deployment may go on; null if it is not approved, or nothing holds it */
    @CheckForNull
    public Instant getHeldUntil() {
        return isBlocked() && view.decision() instanceof Decision.Held held ? held.until() : null;
    }

    /** @return the deadline of a blocked deployment; null if it has none, or does not wait any more */
    @CheckForNull
    public Instant getDeadline() {
        return isBlocked() ? view.deployment().deadline(view.policy()).orElse(null) : null;
    }

    /** @return whether it is held for longer than it may wait */
    public boolean isHeldTooLong() {
        Instant deadline = getDeadline();
        Instant held = getHeldUntil();
        return deadline != null && held != null && !held.isBefore(deadline);
    }

    /** @return the symbol that stands beside the status */
    public String getStatusSymbol() {
        return StatusWords.symbol(view.deployment().status());
    }

    /** @return "1 of 2", over all rules */
    public String getProgress() {
        return Messages.DeploymentCard_Progress(
                view.tally().given(), view.tally().required());
    }

    /** @return full names of the people who requested it, and whether there may be others; empty for automation alone */
    public String getRequesters() {
        String known = People.fullNames(view.deployment().requesters());
        if (getUnknownCauses().isEmpty()) {
            return known;
        }
        return known.isEmpty() ? Messages.DeploymentCard_Unknown() : Messages.DeploymentCard_OthersUnknown(known);
    }

    /** @return causes behind which there may be further people, as Jenkins calls and describes them */
    public List<String> getUnknownCauses() {
        return view.deployment().request().origin().unknown();
    }

    /** @return the number of the build whose page shows how its script differs; 0 if nothing is replayed */
    public int getReplay() {
        return view.deployment()
                .request()
                .origin()
                .replay()
                .map(RequestOrigin.Replay::build)
                .orElse(0);
    }

    /** @return whether it runs the script of the build that it replays; empty if it is no replay */
    public String getReplayedScript() {
        return view.deployment()
                .request()
                .origin()
                .replay()
                .map(replay -> switch (replay.script()) {
                    case SAME -> Messages.DeploymentCard_Script_Same(replay.original());
                    case CHANGED -> Messages.DeploymentCard_Script_Changed(replay.original());
                    case UNKNOWN -> Messages.DeploymentCard_Script_Unknown(replay.original());
                })
                .orElse("");
    }

    /** @return full names of the people who wrote the changes; empty if nobody did, or nobody has looked */
    public String getAuthors() {
        return view.deployment()
                .request()
                .authors()
                .map(authors -> People.fullNames(authors.people()))
                .orElse("");
    }

    /** @return whether there may be more of them, whom nobody can know any more */
    public boolean isMoreAuthors() {
        return view.deployment()
                .request()
                .authors()
                .filter(authors -> !authors.complete())
                .isPresent();
    }

    /** @return whether the reader could vote now */
    public boolean isMayVote() {
        return view.refusal().isEmpty();
    }

    /** @return whether the reader could reject it now */
    public boolean isMayReject() {
        return view.refusalToReject().isEmpty();
    }

    /** @return why the reader cannot approve; empty if they can, or have voted, or it is not blocked any more */
    public String getWhyNot() {
        String reader = Identities.user(Jenkins.getAuthentication2().getName());
        return view.refusal()
                .filter(why -> isBlocked() && why != DenialReason.ALREADY_VOTED)
                .map(why -> Wording.explain(why, view.deployment(), reader))
                .orElse("");
    }

    /** @return what the reader has voted while it is still blocked; empty if they have not */
    public String getOwnVote() {
        return isBlocked() && view.ownVote().isPresent() && !view.deployment().isReleasedByOverride()
                ? Messages.DeploymentCard_OwnVote()
                : "";
    }

    /** @return the rules for which there is something to approve */
    public List<Tally.RuleTally> getDemandingRules() {
        return view.tally().rules().stream()
                .filter(rule -> rule.rule().requiredApprovals() > 0)
                .toList();
    }

    /** @return "1 of 2: Carol" for this rule, with the full names of those who have given an approval for it */
    public String progressOf(Tally.RuleTally rule) {
        int required = rule.rule().requiredApprovals();
        int given = required - rule.outstanding();
        return rule.approvals().isEmpty()
                ? Messages.DeploymentCard_Progress(given, required)
                : Messages.DeploymentCard_ProgressBy(
                        given,
                        required,
                        People.fullNames(rule.approvals().stream()
                                .map(approval -> approval.voter().id())
                                .toList()));
    }

    /** @return what a comment is needed for, in the reader's language */
    public String getCommentLabel() {
        Set<VoteDecision> required = view.policy().commentRequired();
        if (required.size() == 2) {
            return Messages.DeploymentCard_Comment_Required();
        } else if (required.contains(VoteDecision.APPROVED)) {
            return Messages.DeploymentCard_Comment_RequiredToApprove();
        }
        return required.contains(VoteDecision.REJECTED)
                ? Messages.DeploymentCard_Comment_RequiredToReject()
                : Messages.DeploymentCard_Comment();
    }

    /** @return who may still approve by it, for people: users by their names, groups as groups, or that it is nobody */
    public String approversOf(Tally.RuleTally rule) {
        List<Approver> approvers = rule.rule().approvers().stream()
                .filter(approver -> !isBlocked() || !(approver instanceof Approver.User user) || canStill(user.id()))
                .toList();
        return approvers.isEmpty() ? Messages.DeploymentCard_NobodyElse() : PolicyWords.describe(approvers);
    }

    private boolean canStill(String user) {
        Deployment deployment = view.deployment();
        return deployment.voteOf(user).isEmpty() && !view.policy().separation().excludes(deployment.request(), user);
    }

    /** @return what has happened to it, the oldest first */
    public List<Timeline.Entry> getTimeline() {
        return Timeline.of(view.deployment(), view.tally());
    }

    /** @return what an approval of the reader would do, in their language */
    public String getConsequence() {
        int more = view.tally().required() - view.tally().given() - 1;
        if (more > 0) {
            return Messages.DeploymentCard_Consequence_More(more);
        }
        if (!isFree(view.policy().timing())) {
            return Messages.DeploymentCard_Consequence_LastThenTime();
        }
        return view.policy().turns().exclusiveIn().isEmpty()
                ? Messages.DeploymentCard_Consequence_Last()
                : Messages.DeploymentCard_Consequence_LastThenTurn();
    }

    private static boolean isFree(Timing timing) {
        return timing.waitTime().isZero() && timing.freezes().isEmpty();
    }

    /**
     * @param zone the id of the reader's time zone, which only views can ask Jenkins for; null for the server's
     * @return writes times on the page
     */
    public Times times(@CheckForNull String zone) {
        return new Times(zone);
    }
}
