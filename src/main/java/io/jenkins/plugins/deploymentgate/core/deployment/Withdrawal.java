package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Instant;

/**
 * The withdrawal of an approval by its author. The approval stays in the history, and does not count any more.
 *
 * @param approval the approval
 * @param at when it was withdrawn
 */
public record Withdrawal(Approval approval, Instant at) implements UserAction {}
