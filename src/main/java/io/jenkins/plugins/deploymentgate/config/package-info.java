/**
 * What administrators configure: the protected environments and the permissions, with their forms and checks, and how
 * that becomes a policy of the engine.
 */
package io.jenkins.plugins.deploymentgate.config;
