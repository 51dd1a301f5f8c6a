/** Who and what caused a build: the people behind it, directly or through other builds. */
package io.jenkins.plugins.deploymentgate.origin;
