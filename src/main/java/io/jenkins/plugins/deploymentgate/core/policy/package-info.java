/**
 * What an environment demands: approval rules, approvers, deploy access, timing and name patterns. Uses the JDK alone.
 *
 * <p>Users and groups are given in canonical form (the caller has applied the case rules of the security realm), so they are
 * compared with {@code equals}. All types are immutable.
 * {@link io.jenkins.plugins.deploymentgate.core.policy.ProtectedEnvironments} computes the
 * {@link io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy} of an environment.
 */
package io.jenkins.plugins.deploymentgate.core.policy;
