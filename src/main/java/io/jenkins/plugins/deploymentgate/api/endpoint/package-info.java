/** The routes of the REST API. They convert requests and responses; {@code approval} and {@code config} decide. */
package io.jenkins.plugins.deploymentgate.api.endpoint;
