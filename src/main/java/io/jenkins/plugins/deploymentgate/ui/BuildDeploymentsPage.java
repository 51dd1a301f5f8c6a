package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.BuildBadgeAction;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/**
 * The page of a build's deployments, where people approve and reject, its link in the side panel, and a badge in the
 * build history while one of them is blocked. Created for each request.
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public class BuildDeploymentsPage implements BuildBadgeAction {

    private final Run<?, ?> build;

    BuildDeploymentsPage(Run<?, ?> build) {
        this.build = build;
    }

    @Override
    public String getIconFileName() {
        return "symbol-lock-closed";
    }

    @Override
    public String getDisplayName() {
        return Messages.BuildDeploymentsPage_DisplayName();
    }

    @Override
    public String getUrlName() {
        return BuildDeployments.URL_NAME;
    }

    /** @return the build, for the side panel */
    public Run<?, ?> getBuild() {
        return build;
    }

    /** @return whether the badge is to be shown: approvals are missing; reads no file */
    public boolean isBlocked() {
        return DeploymentViews.get().needsApproval(build);
    }

    /**
     * @return the deployments, those that wait first, else the latest first
     * @throws IOException if they cannot be listed
     */
    public List<DeploymentPage> getDeployments() throws IOException {
        return DeploymentViews.get().ids(build).stream()
                .map(id -> new DeploymentPage(this, id))
                .sorted(Comparator.comparing(DeploymentPage::isBlocked)
                        .thenComparing(DeploymentPage::getId)
                        .reversed())
                .toList();
    }

    /**
     * @return what the page shows to whoever is logged in on this thread
     * @throws IOException if the deployments cannot be listed
     */
    public LiveState getLive() throws IOException {
        List<Object> shown = new ArrayList<>();
        boolean open = build.isBuilding();
        for (DeploymentPage deployment : getDeployments()) {
            DeploymentCard card = deployment.getCard();
            shown.add(card == null ? "unreadable" : card.getView());
            open |= card != null && !card.getView().deployment().status().isFinal();
        }
        return LiveState.of(shown, open);
    }

    /**
     * Says whether the page has changed since somebody loaded it.
     *
     * @return 304 if it has not; else 200
     * @throws IOException if the deployments cannot be listed
     */
    @GET
    public HttpResponse doState(StaplerRequest2 request) throws IOException {
        return getLive().answer(request);
    }

    /**
     * Shows them in Jenkins' own remote API of the build, to whoever may read that. Reads small files; waits for nobody.
     *
     * @return the deployments, in the order in which the gates were reached; without those that cannot be read
     * @throws IOException if they cannot be listed
     */
    @Exported(name = "deployments", visibility = 2)
    public List<ExportedDeployment> getExportedDeployments() throws IOException {
        return DeploymentViews.get().ids(build).stream()
                .map(id -> new DeploymentPage(this, id).getCard())
                .filter(Objects::nonNull)
                .map(card -> new ExportedDeployment(card.getView()))
                .toList();
    }

    /**
     * Finds the deployment in an address.
     *
     * @param token what follows the address of this page
     * @return the deployment; null, which is answered with 404, if the build has none of that id
     * @throws IOException if the deployments cannot be listed
     */
    @CheckForNull
    public DeploymentPage getDynamic(String token) throws IOException {
        return DeploymentViews.get().ids(build).stream()
                .filter(id -> id.toString().equals(token))
                .map(id -> new DeploymentPage(this, id))
                .findFirst()
                .orElse(null);
    }

    /** Gives every build that ever reached a gate its page. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static class Factory extends TransientActionFactory<Run> {

        @Override
        public Class<Run> type() {
            return Run.class;
        }

        @Override
        public Class<BuildDeploymentsPage> actionType() {
            return BuildDeploymentsPage.class;
        }

        @NonNull
        @Override
        public Collection<BuildDeploymentsPage> createFor(@NonNull Run build) {
            return DeploymentViews.get().hasDeployments(build) ? List.of(new BuildDeploymentsPage(build)) : List.of();
        }
    }
}
