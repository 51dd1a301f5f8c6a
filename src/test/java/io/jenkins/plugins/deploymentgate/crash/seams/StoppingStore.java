package io.jenkins.plugins.deploymentgate.crash.seams;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The store, with seams before, within and after each write. */
class StoppingStore extends DeploymentRecords {

    @Override
    public void write(File build, Deployment deployment) throws IOException {
        boolean first = read(build, deployment.id()).isEmpty();
        Faults faults = Faults.get();
        boolean last = deployment.status() == Status.SUCCESS;
        faults.reached(first ? Seam.OPENING : last ? Seam.BLOCK_OVER : Seam.BEFORE_WRITE);
        if (!first && faults.isArmed(Seam.HALF_WRITTEN)) {
            Path directory = build.toPath().resolve("deployment-gate");
            Files.writeString(
                    Files.createTempFile(directory, deployment.id() + ".json-atomic", "tmp"),
                    "{\n  \"format\" : 1,\n  \"id\" : " + deployment.id() + ",\n  \"iid");
            faults.reached(Seam.HALF_WRITTEN);
        }
        super.write(build, deployment);
        faults.reached(first ? Seam.OPENED : last ? Seam.BLOCK_CLOSED : Seam.AFTER_WRITE);
    }
}
