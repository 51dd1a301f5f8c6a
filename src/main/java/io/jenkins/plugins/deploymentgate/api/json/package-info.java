/** The JSON objects of GitLab's REST API, version 4. */
package io.jenkins.plugins.deploymentgate.api.json;
