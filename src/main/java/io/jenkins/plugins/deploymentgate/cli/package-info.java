/** Commands of Jenkins' command line interface. They check nothing by themselves; the service does. */
package io.jenkins.plugins.deploymentgate.cli;
