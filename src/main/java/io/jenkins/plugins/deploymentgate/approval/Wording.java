package io.jenkins.plugins.deploymentgate.approval;

import io.jenkins.plugins.deploymentgate.changes.Change;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jvnet.localizer.Localizable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Texts for the values of {@code core}, in the language of the reader or of the server. */
@Restricted(NoExternalUse.class)
public final class Wording {

    private Wording() {}

    /**
     * @param person canonical id of the person whose vote is refused
     * @return what to tell them; the author of a change is told which one
     */
    public static String explain(DenialReason why, Deployment deployment, String person) {
        return Optional.of(deployment)
                .filter(one -> why == DenialReason.CHANGE_AUTHOR)
                .flatMap(one -> one.request().authors())
                .flatMap(authors -> authors.changeOf(person))
                .map(change -> Messages.DenialReason_AuthorOfChange(Change.shortened(change)))
                .orElseGet(() -> explain(why));
    }

    /** @return what to tell the person whose vote is refused for it */
    public static String explain(DenialReason why) {
        return switch (why) {
            case ANONYMOUS -> Messages.DenialReason_Anonymous();
            case SYSTEM -> Messages.DenialReason_System();
            case OWN_DEPLOYMENT -> Messages.DenialReason_OwnDeployment();
            case CHANGE_AUTHOR -> Messages.DenialReason_ChangeAuthor();
            case MAY_NOT_OVERRIDE -> Messages.DenialReason_MayNotOverride();
            case REASON_REQUIRED -> Messages.DenialReason_ReasonRequired();
            case AUTHORS_UNKNOWN -> Messages.DenialReason_AuthorsUnknown();
            case DEADLINE_PASSED -> Messages.DenialReason_DeadlinePassed();
            case NOT_AN_APPROVER -> Messages.DenialReason_NotAnApprover();
            case COMMENT_REQUIRED -> Messages.DenialReason_CommentRequired();
            case TOO_MANY_WITHDRAWALS -> Messages.DenialReason_TooManyWithdrawals(VoteOutcome.MAX_WITHDRAWALS);
            case NOTHING_TO_WITHDRAW -> Messages.DenialReason_NothingToWithdraw();
            case NO_SUCH_RULE -> Messages.DenialReason_NoSuchRule();
            case RULE_ALREADY_MET -> Messages.DenialReason_RuleAlreadyMet();
            case ALREADY_VOTED -> Messages.DenialReason_AlreadyVoted();
            case ALREADY_DECIDED -> Messages.DenialReason_AlreadyDecided();
            case BUILD_ENDED -> Messages.DenialReason_BuildEnded();
            case NO_LONGER_PROTECTED -> Messages.DenialReason_NoLongerProtected();
            case POLICY_UNAVAILABLE -> Messages.DenialReason_PolicyUnavailable();
        };
    }

    /**
     * @param ended a deployment that failed or was canceled for a reason of its own
     * @return why, beginning with the reason's word for machines, in the language of the server
     */
    public static String explain(Deployment ended) {
        String target = ConsoleText.target(ended);
        return ConsoleText.inLanguageOfServer(
                switch (Objects.requireNonNull(ended.endReason())) {
                    case DEPLOYMENT_REJECTED ->
                        ended.history()
                                .override(VoteDecision.REJECTED)
                                .map(override -> Messages._Failure_Overridden(
                                        target, People.id(override.user()), ConsoleText.oneLine(override.reason())))
                                .orElseGet(() -> Messages._Failure_Rejected(target, rejecter(ended)));
                    case DEPLOYMENT_EXPIRED ->
                        Messages._Failure_Expired(
                                target, ended.times().deadline().orElseThrow());
                    case DEPLOYMENT_FAILED -> Messages._Failure_Failed(target);
                    case DEPLOYMENT_FORBIDDEN ->
                        forbidden(
                                target, ended.ending().flatMap(Ending::refusal).orElseThrow(), Locale.getDefault());
                    case DEPLOYMENT_SUPERSEDED -> Messages._Failure_Superseded(target, by(ended));
                    case DEPLOYMENT_OUTDATED -> Messages._Failure_Outdated(target, by(ended));
                    case DEPLOYMENT_DEADLOCK -> Messages._Failure_Deadlock(target, by(ended));
                    case BUILD_ABORTED, BUILD_TIMED_OUT, BUILD_SUPERSEDED, JOB_REMOVED, REQUEST_CHANGED, BUILD_ENDED ->
                        canceled(target, ended.ending().orElseThrow());
                    case ENVIRONMENT_UNKNOWN, POLICY_UNAVAILABLE ->
                        throw new IllegalArgumentException("a deployment is never opened for " + ended.endReason());
                });
    }

    private static Localizable canceled(String target, Ending ending) {
        return ending.text().isEmpty()
                ? Messages._Failure_Canceled(target, ending.reason().word())
                : Messages._Failure_CanceledBecause(target, ending.reason().word(), ending.text());
    }

    /**
     * @param locale a language
     * @return why the environment did not accept the deployment, beginning with the reason's word for machines; empty if it did
     */
    public static Optional<String> whyForbidden(Deployment deployment, Locale locale) {
        return deployment
                .ending()
                .flatMap(Ending::refusal)
                .map(refusal -> forbidden(ConsoleText.target(deployment), refusal, locale)
                        .toString(locale));
    }

    private static Localizable forbidden(String environment, DeployRefusal refusal, Locale locale) {
        if (refusal instanceof DeployRefusal.NoAccess noAccess) {
            return Messages._Failure_Forbidden(environment, String.join(", ", People.ids(noAccess.people())));
        } else if (refusal instanceof DeployRefusal.UnknownRequesters unknown) {
            return Messages._Failure_UnknownRequesters(
                    environment, ConsoleText.oneLine(String.join("; ", unknown.causes())));
        }
        return refusal instanceof DeployRefusal.WrongSource wrong
                ? Messages._Failure_WrongSource(
                        environment, source(wrong.source(), locale), sources(wrong.required(), locale))
                : Messages._Failure_NotAutomated(environment);
    }

    /**
     * @param source from where a build deploys
     * @param locale a language
     * @return what people call that, in one line
     */
    public static String source(DeploySource source, Locale locale) {
        return source(source.kind(), source.name(), locale);
    }

    /**
     * @param lists what an environment admits: patterns of sources, of each list at least one
     * @param locale a language
     * @return the same for people, in one line
     */
    public static String sources(List<List<DeploySource.Pattern>> lists, Locale locale) {
        return lists.stream()
                .map(list -> list.stream()
                        .map(pattern -> source(pattern.kind(), pattern.text(), locale))
                        .reduce((one, other) -> Messages._Source_Or(one, other).toString(locale))
                        .orElseThrow())
                .reduce((one, other) -> Messages._Source_And(one, other).toString(locale))
                .orElseThrow();
    }

    private static String source(DeploySource.Kind kind, String name, Locale locale) {
        String line = ConsoleText.oneLine(name);
        Localizable text =
                switch (kind) {
                    case BRANCH -> Messages._Source_Branch(line);
                    case TAG -> Messages._Source_Tag(line);
                    case PULL_REQUEST ->
                        line.equals("*") ? Messages._Source_AnyPullRequest() : Messages._Source_PullRequest(line);
                    case JOB -> Messages._Source_Job(line);
                    case OTHER -> Messages._Source_Other(line);
                };
        return text.toString(locale);
    }

    private static String by(Deployment canceled) {
        return canceled.ending().flatMap(Ending::by).orElseThrow().displayName();
    }

    private static String rejecter(Deployment failed) {
        return People.id(failed.tally().rejection().orElseThrow().voter().id());
    }
}
