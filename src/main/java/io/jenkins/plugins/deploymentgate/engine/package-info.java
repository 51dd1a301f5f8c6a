/**
 * The rules of approval, free of Jenkins: values and pure functions, no I/O, no clock, no thread of their own.
 *
 * <p>Identities (users, groups) reach this package in their canonical form, so that they are compared with
 * {@code equals}; whoever calls has applied the security realm's rules of case. Every type here is immutable and safe
 * for use by any thread.
 *
 * <p>The way through: {@link io.jenkins.plugins.deploymentgate.engine.ProtectedEnvironments} gives the
 * {@link io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy} of an environment,
 * {@link io.jenkins.plugins.deploymentgate.engine.Ballot} says whether a vote may be cast, and
 * {@link io.jenkins.plugins.deploymentgate.engine.Tally} counts the votes that were and decides.
 */
package io.jenkins.plugins.deploymentgate.engine;
