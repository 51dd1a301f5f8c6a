/**
 * The read model: what lists and counts over many deployments are answered from. Everything in it can be computed from the
 * records again.
 */
package io.jenkins.plugins.deploymentgate.core.index;
