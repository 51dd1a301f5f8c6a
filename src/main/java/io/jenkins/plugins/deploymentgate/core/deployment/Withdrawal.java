package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Instant;

/**
 * An approval that its author has taken back. It counts no more, and stays in the history.
 *
 * @param approval what was taken back
 * @param at when it was taken back
 */
public record Withdrawal(Approval approval, Instant at) implements UserAction {}
