/**
 * What is kept on disk: one small JSON file per deployment in the directory of its build, which is the only truth about
 * its votes and its decision, and the numbers that deployments are known by.
 */
package io.jenkins.plugins.deploymentgate.store;
