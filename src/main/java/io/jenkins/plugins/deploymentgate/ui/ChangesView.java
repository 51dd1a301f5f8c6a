package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.changes.Change;
import io.jenkins.plugins.deploymentgate.changes.ChangesOfBuild;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.search.DeploymentChanges;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/** The changes of a deployment, on its page and on a page of their own. Created for one request. */
@Restricted(NoExternalUse.class)
public class ChangesView {

    private static final Logger LOGGER = Logger.getLogger(ChangesView.class.getName());
    private static final int PREVIEW = 10;

    private final DeploymentChanges.Before before;

    @CheckForNull
    private final DeploymentChanges.Visible changes;

    private final boolean failed;
    private final List<Row> rows;

    /**
     * A change in a list on a page.
     *
     * @param change the change
     * @param build the build that found it
     * @param heading whether it is the first of its build in this list
     */
    public record Row(Change change, ChangesOfBuild build, boolean heading) {

        static List<Row> of(List<ChangesOfBuild> builds) {
            return builds.stream()
                    .flatMap(build -> build.changes().stream().map(change -> new Row(change, build, false)))
                    .toList();
        }

        /** @return the same, with a heading before the first of each build */
        static List<Row> grouped(List<Row> rows) {
            List<Row> grouped = new ArrayList<>();
            ChangesOfBuild above = null;
            for (Row row : rows) {
                grouped.add(new Row(row.change, row.build, row.build != above));
                above = row.build;
            }
            return grouped;
        }
    }

    private ChangesView(
            DeploymentChanges.Before before, @CheckForNull DeploymentChanges.Visible changes, boolean failed) {
        this.before = before;
        this.changes = changes;
        this.failed = failed;
        this.rows = changes == null ? List.of() : Row.of(changes.list().builds());
    }

    /**
     * @param patience how long to wait for change logs that were not read yet
     * @return what is known by then
     */
    static ChangesView of(Run<?, ?> build, Deployment deployment, Duration patience) {
        DeploymentChanges.Before before = DeploymentChanges.get().before(build, deployment);
        try {
            return new ChangesView(
                    before,
                    DeploymentChanges.get()
                            .changes(build, deployment, before, patience)
                            .orElse(null),
                    false);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot show the changes of " + build);
            return new ChangesView(before, null, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ChangesView(before, null, false);
        }
    }

    /** @return what the environment had before; null if nothing, as far as Jenkins knows */
    @CheckForNull
    public DeploymentRow getPrevious() {
        return before.previous().map(DeploymentRow::new).orElse(null);
    }

    /** @return whether the deployment goes back to an older state, so that the changes are those that it undoes */
    public boolean isBack() {
        return before.back();
    }

    /** @return whether the changes are still being read */
    public boolean isReading() {
        return changes == null && !failed;
    }

    /** @return whether the changes cannot be read */
    public boolean isFailed() {
        return failed;
    }

    /** @return whether there may be more changes, of which Jenkins does not know */
    public boolean isIncomplete() {
        return changes != null && !changes.list().complete();
    }

    /** @return whether there are more changes than are listed */
    public boolean isCut() {
        return changes != null && changes.list().cut();
    }

    /** @return whether some are in jobs that the reader may not see */
    public boolean isHidden() {
        return changes != null && changes.hidden();
    }

    /** @return how many changes are listed on all pages */
    public int getCount() {
        return rows.size();
    }

    /** @return the first few changes */
    public List<Row> getPreview() {
        return Row.grouped(rows.stream().limit(PREVIEW).toList());
    }

    /** @return whether there are changes beyond the first few */
    public boolean isMore() {
        return rows.size() > PREVIEW;
    }

    /** @return the page of the list that a request asks for */
    public ListPage<Row> page(StaplerRequest2 request) {
        ListPage<Row> page = ListPage.of(rows, ListPage.number(request), !isIncomplete());
        return new ListPage<>(Row.grouped(page.rows()), page.total(), page.number(), page.complete(), page.errors());
    }
}
