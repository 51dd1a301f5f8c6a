package io.jenkins.plugins.deploymentgate.cli;

import hudson.cli.CLICommand;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.api.endpoint.ApiTexts;
import io.jenkins.plugins.deploymentgate.approval.DeploymentView;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.search.DeploymentDetails;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.io.IOException;
import java.util.Optional;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/** A command for one deployment. Exits with 3 if it does not exist or the caller cannot read it. */
abstract class DeploymentCommand extends CLICommand {

    /** The exit code of a refused request. Codes below 16 are those of core. */
    static final int REFUSED = 16;

    @Argument(metaVar = "ID", required = true, usage = "The id of the deployment.")
    private long id;

    @Option(name = "--json", usage = "Print the JSON of the REST API.")
    private boolean json;

    /** @return the deployment ID */
    long id() {
        return id;
    }

    /** @return the build of the deployment */
    Run<?, ?> build() {
        return DeploymentSearch.get()
                .find(id)
                .flatMap(DeploymentSearch.get()::build)
                .orElseThrow(this::unknown);
    }

    /** Prints the current state of the deployment. */
    void print(Run<?, ?> build) throws IOException {
        DeploymentView view = DeploymentViews.get().view(build, id).orElseThrow(this::unknown);
        if (json) {
            stdout.println(ApiTexts.of(DeploymentDetails.of(build, view)));
        } else {
            stdout.println(Lines.of(
                    DeploymentSummary.of(view.deployment(), build.getParent().getFullName(), build.getNumber())));
            Lines.origin(view.deployment()).forEach(stdout::println);
            Lines.others(view).forEach(stdout::println);
            Optional.of(Lines.votes(view.deployment()))
                    .filter(text -> !text.isEmpty())
                    .ifPresent(stdout::println);
        }
    }

    private IllegalArgumentException unknown() {
        return new IllegalArgumentException(Messages.DeploymentCommand_Unknown(id));
    }
}
