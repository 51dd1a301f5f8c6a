package io.jenkins.plugins.deploymentgate.config;

import hudson.ExtensionPoint;
import hudson.model.AbstractDescribableImpl;
import io.jenkins.plugins.deploymentgate.engine.Approver;

/** One entry in the approvers of a protected environment, as an administrator configures it. */
public abstract class ApproverConfig extends AbstractDescribableImpl<ApproverConfig> implements ExtensionPoint {

    /** @return the engine's form of it, with names made canonical by the security realm in force */
    public abstract Approver toApprover();
}
