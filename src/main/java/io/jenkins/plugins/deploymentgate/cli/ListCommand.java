package io.jenkins.plugins.deploymentgate.cli;

import hudson.Extension;
import hudson.cli.CLICommand;
import io.jenkins.plugins.deploymentgate.api.endpoint.ApiTexts;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.IOException;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.args4j.Option;

/** {@code deployment-gate-list}: lists deployments, the latest first. */
@Extension
@Restricted(NoExternalUse.class)
public class ListCommand extends CLICommand {

    private static final int MAX_LIMIT = 1000;

    @Option(name = "--job", metaVar = "NAME", usage = "The full name of a job, or of a folder for all jobs in it.")
    private String job;

    @Option(name = "--environment", metaVar = "NAME", usage = "The name of an environment.")
    private String environment;

    @Option(name = "--status", metaVar = "STATUS", usage = "created, blocked, running, success, failed or canceled.")
    private String status;

    @Option(name = "--limit", metaVar = "N", usage = "The maximum number of deployments, from 1 to 1000. Default: 20.")
    private int limit = 20;

    @Option(name = "--json", usage = "Print the JSON of the REST API.")
    private boolean json;

    @Override
    public String getName() {
        return "deployment-gate-list";
    }

    @Override
    public String getShortDescription() {
        return Messages.ListCommand_Description();
    }

    @Override
    protected int run() throws IOException {
        DeploymentList found = DeploymentSearch.get().list(query());
        if (json) {
            stdout.println(ApiTexts.of(DeploymentSearch.get().details(found.entries())));
        } else {
            found.entries().forEach(summary -> stdout.println(Lines.of(summary)));
        }
        if (!found.complete()) {
            stderr.println(Messages.ListCommand_Incomplete());
        }
        return 0;
    }

    private DeploymentQuery query() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(Messages.ListCommand_Limit(MAX_LIMIT));
        }
        DeploymentFilter filter =
                DeploymentFilter.in(job == null ? DeploymentScope.EVERYWHERE : Places.scope(Places.item(job)));
        if (environment != null) {
            filter = filter.to(environment);
        }
        if (status != null) {
            filter = filter.with(Stream.of(Status.values())
                    .filter(known -> known.word().equals(status))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(Messages.ListCommand_Status(status))));
        }
        return DeploymentQuery.latest(filter, limit);
    }
}
