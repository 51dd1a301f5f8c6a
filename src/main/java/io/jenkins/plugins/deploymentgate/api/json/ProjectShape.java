package io.jenkins.plugins.deploymentgate.api.json;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import jenkins.branch.MultiBranchProject;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Recognises a type of folder that is one project, because its jobs are the branches of one source. Such a folder is a
 * project with the deployments of all its jobs. Other folders are groups.
 */
@Restricted(NoExternalUse.class)
public abstract class ProjectShape implements ExtensionPoint {

    /** @return whether it is a project */
    public abstract boolean unites(ItemGroup<?> folder);

    /** @return whether it is a project: a job, or a folder whose jobs are the branches of one source */
    public static boolean isProject(Item item) {
        return item instanceof Job
                || item instanceof ItemGroup<?> folder
                        && ExtensionList.lookup(ProjectShape.class).stream().anyMatch(shape -> shape.unites(folder));
    }

    /** @return its project: the folder if its jobs are the branches of one source, else the job */
    public static Item projectOf(Job<?, ?> job) {
        return job.getParent() instanceof Item folder && isProject(folder) ? folder : job;
    }

    /** @return the scope of its deployments */
    public static DeploymentScope scopeOf(Item project) {
        return project instanceof Job
                ? DeploymentScope.job(project.getFullName())
                : DeploymentScope.below(project.getFullName());
    }

    /** Multibranch projects. */
    @OptionalExtension(requirePlugins = "branch-api")
    public static class Multibranch extends ProjectShape {

        @Override
        public boolean unites(ItemGroup<?> folder) {
            return folder instanceof MultiBranchProject;
        }
    }
}
