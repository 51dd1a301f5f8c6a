package io.jenkins.plugins.deploymentgate.ui;

import io.jenkins.plugins.deploymentgate.changes.Change;
import io.jenkins.plugins.deploymentgate.changes.ChangesOfBuild;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A change in a list on a page.
 *
 * @param change the change
 * @param build the build that found it
 * @param heading whether it is the first of its build in this list
 */
@Restricted(NoExternalUse.class)
public record ChangeRow(Change change, ChangesOfBuild build, boolean heading) {

    static List<ChangeRow> of(List<ChangesOfBuild> builds) {
        return builds.stream()
                .flatMap(build -> build.changes().stream().map(change -> new ChangeRow(change, build, false)))
                .toList();
    }

    /** @return the same, with a heading before the first of each build */
    static List<ChangeRow> grouped(List<ChangeRow> rows) {
        List<ChangeRow> grouped = new ArrayList<>();
        ChangesOfBuild above = null;
        for (ChangeRow row : rows) {
            grouped.add(new ChangeRow(row.change, row.build, row.build != above));
            above = row.build;
        }
        return grouped;
    }
}
