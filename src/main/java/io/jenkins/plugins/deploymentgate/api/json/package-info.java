/**
 * The shapes of GitLab's REST API, version 4.
 */
package io.jenkins.plugins.deploymentgate.api.json;
