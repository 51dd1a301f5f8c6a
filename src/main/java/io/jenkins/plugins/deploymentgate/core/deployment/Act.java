package io.jenkins.plugins.deploymentgate.core.deployment;

/** Something that a person did with a deployment, and that is kept with it. */
public sealed interface Act permits Approval, Withdrawal, PolicyOverride {}
