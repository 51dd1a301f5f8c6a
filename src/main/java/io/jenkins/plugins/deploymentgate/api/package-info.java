/**
 * The REST API, in the shapes of GitLab's version 4, so that GitLab's clients work. A filter takes what is below {@code
 * deployment-gate/api/} before Jenkins' own dispatch; nothing is decided here.
 */
package io.jenkins.plugins.deploymentgate.api;
