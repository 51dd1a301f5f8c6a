package io.jenkins.plugins.deploymentgate.ui;

import hudson.Util;
import io.jenkins.plugins.deploymentgate.approval.Wording;
import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.time.DayOfWeek;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/** Says in the reader's language what an environment demands. */
final class PolicyWords {

    private PolicyWords() {}

    /** @return who that is, for people: users by their names, groups as groups */
    private static String describe(Approver approver) {
        if (approver instanceof Approver.User user) {
            return People.fullName(user.id());
        } else if (approver instanceof Approver.Group group) {
            return Messages.DeploymentCard_Group(group.name());
        }
        return approver instanceof Approver.Level level
                ? Messages.DeploymentCard_Level(AccessLevelApprover.describe(level.level()))
                : Messages.DeploymentCard_PermissionHolders();
    }

    /** @return who they are, in one line */
    static String describe(List<Approver> approvers) {
        return String.join(", ", approvers.stream().map(PolicyWords::describe).toList());
    }

    /** @return one line for each thing that it demands */
    static List<String> lines(EnvironmentPolicy policy) {
        List<String> lines = new ArrayList<>();
        for (ApprovalRule rule : policy.rules()) {
            if (rule.requiredApprovals() > 0) {
                lines.add(Messages.PolicyWords_Rule(rule.requiredApprovals(), rule.name(), describe(rule.approvers())));
            }
        }
        if (policy.requiredApprovals() == 0) {
            lines.add(Messages.PolicyWords_NoApprovals());
        }
        policy.access().lists().forEach(list -> lines.add(Messages.PolicyWords_Access(describe(list))));
        policy.access()
                .sources()
                .forEach(list -> lines.add(Messages.PolicyWords_From(Wording.sources(List.of(list), locale()))));
        if (!policy.access().automatedAllowed()) {
            lines.add(Messages.PolicyWords_NotAutomated());
        }
        if (policy.access().unknownAllowed()) {
            lines.add(Messages.PolicyWords_UnknownRequesters());
        }
        lines.add(
                policy.separation().selfApprovalAllowed()
                        ? Messages.PolicyWords_SelfApproval()
                        : Messages.PolicyWords_NoSelfApproval());
        if (!policy.separation().authorApprovalAllowed()) {
            lines.add(Messages.PolicyWords_NoAuthorApproval());
        }
        if (policy.commentRequired().contains(VoteDecision.APPROVED)) {
            lines.add(Messages.PolicyWords_CommentToApprove());
        }
        if (policy.commentRequired().contains(VoteDecision.REJECTED)) {
            lines.add(Messages.PolicyWords_CommentToReject());
        }
        policy.timing()
                .deadline()
                .ifPresent(limit -> lines.add(Messages.PolicyWords_Deadline(Util.getTimeSpanString(limit.toMillis()))));
        if (!policy.timing().waitTime().isZero()) {
            lines.add(Messages.PolicyWords_WaitTime(
                    Util.getTimeSpanString(policy.timing().waitTime().toMillis())));
        }
        policy.timing().freezes().forEach(window -> lines.add(describe(window)));
        turns(policy.turns(), lines);
        policy.instructions().forEach(text -> lines.add(Messages.PolicyWords_Instructions(text)));
        return lines;
    }

    private static void turns(TurnRules turns, List<String> lines) {
        turns.exclusiveIn()
                .ifPresent(scope -> lines.add(
                        scope.isEmpty() ? Messages.PolicyWords_Exclusive() : Messages.PolicyWords_ExclusiveIn(scope)));
        if (turns.supersede() != TurnRules.Supersede.NEVER) {
            lines.add(
                    turns.supersede() == TurnRules.Supersede.ON_RELEASE
                            ? Messages.PolicyWords_SupersedeOnRelease()
                            : Messages.PolicyWords_SupersedeOnArrival());
        }
        if (turns.refuseOutdated()) {
            lines.add(Messages.PolicyWords_RefuseOutdated());
        }
    }

    private static String describe(FreezeWindow window) {
        Locale locale = locale();
        if (window instanceof FreezeWindow.Dated dated) {
            DateTimeFormatter times = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                    .withLocale(locale);
            return Messages.PolicyWords_Freeze(times.format(dated.from()), times.format(dated.to()), dated.zone());
        }
        FreezeWindow.Weekly weekly = (FreezeWindow.Weekly) window;
        return Messages.PolicyWords_WeeklyFreeze(
                name(weekly.fromDay(), locale),
                weekly.from(),
                name(weekly.toDay(), locale),
                weekly.to(),
                weekly.zone());
    }

    private static String name(DayOfWeek day, Locale locale) {
        return day.getDisplayName(TextStyle.FULL, locale);
    }

    static Locale locale() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return request == null ? Locale.getDefault() : request.getLocale();
    }
}
