/**
 * The addresses of the REST API. They translate; decisions are made by {@code approval} and {@code config}.
 */
package io.jenkins.plugins.deploymentgate.api.endpoint;
