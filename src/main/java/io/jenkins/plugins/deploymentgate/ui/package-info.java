/** The pages. They show what the service says and pass on what people press; nothing is decided here. */
package io.jenkins.plugins.deploymentgate.ui;
