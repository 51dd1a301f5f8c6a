package io.jenkins.plugins.deploymentgate.core.deployment;

/** Something that a person did with a deployment. It is kept with the deployment. */
public sealed interface UserAction permits Approval, Withdrawal, PolicyOverride {}
