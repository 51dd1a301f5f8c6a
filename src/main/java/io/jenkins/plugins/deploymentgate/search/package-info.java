/**
 * The read model in Jenkins: kept up to date, reconciled with the records, and limited to the jobs that a caller may read.
 */
package io.jenkins.plugins.deploymentgate.search;
