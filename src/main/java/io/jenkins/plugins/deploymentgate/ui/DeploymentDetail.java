package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.details.Detail;
import jenkins.model.details.DetailFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/** A deployment at a glance, among the details at the top of a build's overview. Created for each request. */
@Restricted(NoExternalUse.class)
public class DeploymentDetail extends Detail {

    private static final Logger LOGGER = Logger.getLogger(DeploymentDetail.class.getName());

    private final DeploymentPage deployment;
    private final DeploymentCard card;

    private DeploymentDetail(DeploymentPage deployment, DeploymentCard card) {
        super(deployment.getBuild());
        this.deployment = deployment;
        this.card = card;
    }

    private static Stream<DeploymentDetail> of(DeploymentPage deployment) {
        return Stream.ofNullable(deployment.getCard()).map(card -> new DeploymentDetail(deployment, card));
    }

    @Override
    public String getIconClassName() {
        return card.getStatusSymbol();
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentDetail_DisplayName(card.getTitle(), card.getStatusText());
    }

    @Override
    @CheckForNull
    public String getLink() {
        StaplerRequest2 request = Stapler.getCurrentRequest2();
        return request == null
                ? null
                : request.getContextPath() + "/" + deployment.getBuild().getUrl() + BuildDeployments.URL_NAME
                        + "/#deployment-" + deployment.getId();
    }

    /** Makes one for each deployment of a build whose record can be read. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static class Factory extends DetailFactory<Run> {

        @Override
        public Class<Run> type() {
            return Run.class;
        }

        @NonNull
        @Override
        public List<? extends Detail> createFor(@NonNull Run build) {
            try {
                return new BuildDeploymentsPage(build)
                        .getDeployments().stream().flatMap(DeploymentDetail::of).toList();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot show the deployments of " + build);
                return List.of();
            }
        }
    }
}
