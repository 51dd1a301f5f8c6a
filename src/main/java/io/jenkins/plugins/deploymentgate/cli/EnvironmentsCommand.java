package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import hudson.cli.CLICommand;
import hudson.model.Item;
import io.jenkins.plugins.deploymentgate.api.endpoint.ApiTexts;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.IOException;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** {@code deployment-gate-environments}: lists the environments to which there are deployments of a job or folder. */
@Extension
@Restricted(NoExternalUse.class)
public class EnvironmentsCommand extends CLICommand {

    @Argument(metaVar = "JOB", required = true, usage = "The full name of a job, or of a folder for all jobs in it.")
    private String job;

    @Option(name = "--json", usage = "Print the JSON of the REST API.")
    private boolean json;

    @Override
    public String getName() {
        return "deployment-gate-environments";
    }

    @Override
    public String getShortDescription() {
        return Messages.EnvironmentsCommand_Description();
    }

    @Override
    protected int run() throws IOException {
        Item item = Places.item(job);
        List<EnvironmentSummary> found = DeploymentSearch.get().environments(Places.scope(item), false);
        if (json) {
            stdout.println(ApiTexts.environments(
                    item, found.stream().map(EnvironmentSummary::name).toList()));
        } else {
            found.forEach(environment -> stdout.println(environment.name() + "\t"
                    + environment.latest().status().word() + "\t"
                    + environment
                            .latestSuccessful()
                            .map(last -> last.job() + " #" + last.build())
                            .orElse("")));
        }
        return 0;
    }
}
