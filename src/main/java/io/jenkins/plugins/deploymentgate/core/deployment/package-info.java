/**
 * One deployment: its votes, tally, decision, life cycle and events. Values and pure functions without I/O, clock or threads.
 *
 * <p>{@link io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome} decides whether a vote is accepted, and
 * {@link io.jenkins.plugins.deploymentgate.core.deployment.Tally} counts votes and decides.
 */
package io.jenkins.plugins.deploymentgate.core.deployment;
