/** What a running deployment unlocks: the credentials and the agents of its environment. */
package io.jenkins.plugins.deploymentgate.unlock;
