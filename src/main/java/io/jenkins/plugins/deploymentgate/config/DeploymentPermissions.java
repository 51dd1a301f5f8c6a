package io.jenkins.plugins.deploymentgate.config;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The permissions of this plugin. Authorization strategies store their ids, so they never change. */
@Restricted(NoExternalUse.class)
public final class DeploymentPermissions {

    /** The group under which authorization strategies show them. */
    public static final PermissionGroup GROUP =
            new PermissionGroup(DeploymentPermissions.class, Messages._DeploymentPermissions_Title());

    /**
     * Lets somebody approve and reject deployments of a job to the environments that name no approvers. Implied by
     * Overall/Administer only: whoever may configure a job is usually the one who needs the approval of others.
     */
    public static final Permission APPROVE = new Permission(
            GROUP,
            "Approve",
            Messages._DeploymentPermissions_Approve_Description(),
            Jenkins.ADMINISTER,
            PermissionScope.RUN);

    /**
     * Lets somebody release or reject a deployment against the policy of its environment, with a reason that is kept.
     * Implied by Overall/Administer only.
     */
    public static final Permission OVERRIDE = new Permission(
            GROUP,
            "Override",
            Messages._DeploymentPermissions_Override_Description(),
            Jenkins.ADMINISTER,
            PermissionScope.RUN);

    /**
     * Lets somebody manage the protected environments of the whole Jenkins, of a folder, or of a job. Implied by
     * Overall/Administer only: whoever may configure a job could otherwise take its protection away.
     */
    public static final Permission MANAGE = new Permission(
            GROUP,
            "Manage",
            Messages._DeploymentPermissions_Manage_Description(),
            Jenkins.ADMINISTER,
            PermissionScope.ITEM);

    private static final Logger LOGGER = Logger.getLogger(DeploymentPermissions.class.getName());

    private DeploymentPermissions() {}

    /** Makes the permissions known before authorization strategies are read, which look them up by id. */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.SYSTEM_CONFIG_LOADED)
    public static void register() {
        LOGGER.fine(() -> "Permissions: " + GROUP.getPermissions());
    }
}
