/** The steps that pipelines use. What may pass is not decided here. */
package io.jenkins.plugins.deploymentgate.steps;
