/**
 * HTTP for the REST API: handles requests below {@code deployment-gate/api/} before Stapler, authenticates callers,
 * finds routes, reads bodies and writes responses, always in JSON.
 */
package io.jenkins.plugins.deploymentgate.api.http;
