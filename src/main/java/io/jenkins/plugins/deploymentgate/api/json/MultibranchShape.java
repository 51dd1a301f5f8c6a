package io.jenkins.plugins.deploymentgate.api.json;

import hudson.Extension;
import hudson.model.ItemGroup;
import jenkins.branch.MultiBranchProject;

/** A multibranch project is one project. Only where the Branch API plugin is installed. */
@Extension(optional = true)
public class MultibranchShape extends ProjectShape {

    @Override
    public boolean unites(ItemGroup<?> folder) {
        return folder instanceof MultiBranchProject;
    }
}
