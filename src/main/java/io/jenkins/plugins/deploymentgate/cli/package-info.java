/** Commands of the Jenkins CLI. Permissions are checked by the services that they call. */
package io.jenkins.plugins.deploymentgate.cli;
