package io.jenkins.plugins.deploymentgate.gate;

import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.File;
import java.io.IOException;
import java.util.List;

/** The store of a controller under test, which can be made to do something before and after each write. */
class HookedStore extends DeploymentRecords {

    /** What to do with the state that is written. */
    interface Hook {

        /** Runs on the thread that writes. */
        void run(Deployment deployment) throws IOException;
    }

    private static final Hook NOTHING = deployment -> {};

    private volatile Hook before = NOTHING;
    private volatile Hook after = NOTHING;

    /** Puts a new one in the place of the store. */
    @SuppressWarnings("deprecation") // the only way to put an extension in the place of another
    static HookedStore install() {
        ExtensionList<DeploymentRecords> stores = ExtensionList.lookup(DeploymentRecords.class);
        HookedStore store = new HookedStore();
        stores.removeAll(List.copyOf(stores));
        stores.add(store);
        return store;
    }

    void beforeWrite(Hook hook) {
        before = hook;
    }

    void afterWrite(Hook hook) {
        after = hook;
    }

    void reset() {
        before = NOTHING;
        after = NOTHING;
    }

    @Override
    public void write(File build, Deployment deployment) throws IOException {
        before.run(deployment);
        super.write(build, deployment);
        after.run(deployment);
    }
}
