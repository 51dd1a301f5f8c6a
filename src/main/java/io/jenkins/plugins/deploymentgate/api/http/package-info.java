/**
 * HTTP for the REST API: takes requests below {@code deployment-gate/api/} before Stapler does, authenticates, routes, reads
 * bodies and writes answers, always in JSON.
 */
package io.jenkins.plugins.deploymentgate.api.http;
