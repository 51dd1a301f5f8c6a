package io.jenkins.plugins.deploymentgate.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentName;
import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import java.util.Optional;
import jenkins.model.Jenkins;

/**
 * Validates the fields of protected environments and of their rules, with the same result in the form and on saving.
 */
final class FieldChecks {

    /** A higher number is considered a typing error. */
    static final int MAX_REQUIRED_APPROVALS = 100;

    /** The longest name of a rule, in UTF-16 units. */
    static final int MAX_RULE_NAME = 100;

    /** The longest instructions, in UTF-16 units. */
    static final int MAX_INSTRUCTIONS = 10_000;

    /**
     * How long a deployment waits unless something else is configured, in minutes: less than the 30 days after which
     * Jenkins gives up builds when it starts.
     */
    static final int DEFAULT_DEADLINE_MINUTES = 28 * 24 * 60;

    /** The longest deadline and the longest wait, in minutes: a year. */
    static final int MAX_MINUTES = 365 * 24 * 60;

    private FieldChecks() {}

    /**
     * @param name the name of an environment, or a pattern
     * @return an error message; empty if it is valid
     */
    static Optional<String> environmentName(@CheckForNull String name) {
        return EnvironmentName.problemOfPattern(name).map(problem -> switch (problem) {
            case EMPTY -> Messages.ProtectedEnvironment_Name_Empty();
            case TOO_LONG -> Messages.ProtectedEnvironment_Name_TooLong(EnvironmentName.MAX_LENGTH);
            case UNTRIMMED -> Messages.ProtectedEnvironment_Name_Untrimmed();
            case ILLEGAL_CHARACTER, PATTERN -> Messages.ProtectedEnvironment_Name_IllegalCharacter();
        });
    }

    /**
     * @param count the plain number of approvals of an environment; null if it is no number
     * @return an error message; empty if it is valid
     */
    static Optional<String> environmentApprovals(@CheckForNull Integer count) {
        return isOutside(0, count)
                ? Optional.of(Messages.ProtectedEnvironment_RequiredApprovals_OutOfRange(MAX_REQUIRED_APPROVALS))
                : Optional.empty();
    }

    /**
     * @param text instructions for approvers
     * @return an error message; empty if they are valid
     */
    static Optional<String> instructions(String text) {
        return text.length() > MAX_INSTRUCTIONS
                ? Optional.of(Messages.ProtectedEnvironment_Instructions_TooLong(MAX_INSTRUCTIONS))
                : PlainText.unkeepable(text).map(Messages::FieldChecks_Character);
    }

    /** @return an error message if it has a character that names must not have */
    static Optional<String> charactersOfName(String name) {
        return PlainText.notOfOneLine(name).map(Messages::FieldChecks_Character);
    }

    /** @return an error message; empty if it is valid */
    static Optional<String> ruleName(@CheckForNull String name) {
        if (name == null || name.isBlank()) {
            return Optional.of(Messages.ApprovalRuleConfig_Name_Empty());
        }
        return name.length() > MAX_RULE_NAME
                ? Optional.of(Messages.ApprovalRuleConfig_Name_TooLong(MAX_RULE_NAME))
                : charactersOfName(name);
    }

    /**
     * @param count the number of approvals of a rule; null if it is no number
     * @return an error message; empty if it is valid
     */
    static Optional<String> ruleApprovals(@CheckForNull Integer count) {
        return isOutside(1, count)
                ? Optional.of(Messages.ApprovalRuleConfig_RequiredApprovals_OutOfRange(MAX_REQUIRED_APPROVALS))
                : Optional.empty();
    }

    /**
     * @param minutes how long a deployment waits at the most; null for the default
     * @return an error message; empty if it is valid
     */
    static Optional<String> deadline(@CheckForNull Integer minutes) {
        return minutes != null && (minutes < 1 || minutes > MAX_MINUTES)
                ? Optional.of(Messages.ProtectedEnvironment_Deadline_OutOfRange(MAX_MINUTES))
                : Optional.empty();
    }

    /**
     * @param minutes how long a deployment waits at least; null for no time
     * @param deadline how long it waits at the most; null for the default
     * @return an error message; empty if it is valid
     */
    static Optional<String> waitTime(@CheckForNull Integer minutes, @CheckForNull Integer deadline) {
        if (minutes == null) {
            return Optional.empty();
        } else if (minutes < 0 || minutes > MAX_MINUTES) {
            return Optional.of(Messages.ProtectedEnvironment_WaitTime_OutOfRange(MAX_MINUTES));
        }
        int limit = deadline == null ? DEFAULT_DEADLINE_MINUTES : deadline;
        return minutes >= limit
                ? Optional.of(Messages.ProtectedEnvironment_WaitTime_AfterDeadline(minutes, limit))
                : Optional.empty();
    }

    private static boolean isOutside(int least, @CheckForNull Integer count) {
        return count == null || count < least || count > MAX_REQUIRED_APPROVALS;
    }

    /**
     * @param text what is in a field
     * @return the number in it; null if there is none
     */
    @CheckForNull
    static Integer number(@CheckForNull String text) {
        try {
            return text == null ? null : Integer.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * @param text what is in a field
     * @param otherwise what stands for something that is no number
     * @return the number in it
     */
    static int numberOr(String text, int otherwise) {
        Integer number = number(text);
        return number == null ? otherwise : number;
    }

    /**
     * Answers whoever fills in a form; others learn nothing.
     *
     * @param item the item whose page asks; null for a page of the whole Jenkins
     * @param problem what is wrong with a field
     * @return an error if something is wrong
     */
    static FormValidation answer(@CheckForNull Item item, Optional<String> problem) {
        return mayAsk(item) ? problem.map(FormValidation::error).orElse(FormValidation.ok()) : FormValidation.ok();
    }

    /**
     * @param item the item whose page asks; null for a page of the whole Jenkins
     * @return whether whoever is logged in on this thread may change what is asked about
     */
    static boolean mayAsk(@CheckForNull Item item) {
        return item == null
                ? Jenkins.get().hasPermission(DeploymentPermissions.MANAGE)
                : item.hasPermission(DeploymentPermissions.MANAGE);
    }
}
