package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Changes the rows of one controller, within one transaction. */
public final class DeploymentTable {

    private final Connection connection;
    private final String controller;
    private final DeploymentQueries rows;

    DeploymentTable(Connection connection, String controller, DeploymentQueries rows) {
        this.connection = connection;
        this.controller = controller;
        this.rows = rows;
    }

    /**
     * Stores the newest state of a deployment.
     *
     * @param summary what lists show
     * @param details what else clients want to know, in a form that the caller chooses; null to keep what there is
     * @return whether the summary is new
     */
    public boolean put(DeploymentSummary summary, @CheckForNull String details) throws SQLException {
        Optional<DeploymentSummary> before = rows.find(summary.id());
        boolean changed = !before.equals(Optional.of(summary));
        if (changed) {
            if (before.isPresent()) {
                delete(before.get());
            }
            insert(summary);
        }
        if (details != null) {
            run("DELETE FROM deployment_details WHERE controller = ? AND id = ?", controller, summary.id());
            run("INSERT INTO deployment_details VALUES (?, ?, ?)", controller, summary.id(), details);
        }
        return changed;
    }

    private void insert(DeploymentSummary one) throws SQLException {
        run(
                "INSERT INTO deployment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                controller,
                one.id(),
                one.iid(),
                one.job(),
                refOf(one.job()),
                one.build(),
                one.environment(),
                one.version(),
                one.place(),
                one.status().name(),
                one.failureReason() == null ? null : one.failureReason().name(),
                one.requesters(),
                one.voters(),
                one.outstanding(),
                one.createdAt().toEpochMilli(),
                one.updatedAt().toEpochMilli(),
                one.finishedAt().map(Instant::toEpochMilli).orElse(DeploymentQueries.UNFINISHED));
        addPeople(one.id(), DeploymentQueries.REQUESTER, one.requesters());
        addPeople(one.id(), DeploymentQueries.VOTER, one.voters());
        if (count(one, 1) == 0) {
            run(
                    "INSERT INTO deployment_count VALUES (?, ?, ?, ?, 1)",
                    controller,
                    one.job(),
                    one.environment(),
                    one.status().name());
        }
    }

    private void addPeople(long id, String role, List<String> people) throws SQLException {
        for (String person : people.stream().distinct().toList()) {
            run("INSERT INTO deployment_person VALUES (?, ?, ?, ?)", controller, person, role, id);
        }
    }

    private int count(DeploymentSummary one, int more) throws SQLException {
        return run(
                "UPDATE deployment_count SET deployments = deployments + ?"
                        + " WHERE controller = ? AND job = ? AND environment = ? AND status = ?",
                more,
                controller,
                one.job(),
                one.environment(),
                one.status().name());
    }

    private void delete(DeploymentSummary one) throws SQLException {
        run("DELETE FROM deployment WHERE controller = ? AND id = ?", controller, one.id());
        run("DELETE FROM deployment_person WHERE controller = ? AND id = ?", controller, one.id());
        count(one, -1);
        run("DELETE FROM deployment_count WHERE controller = ? AND job = ? AND deployments = 0", controller, one.job());
    }

    /** @return whether there was a deployment of that id */
    public boolean remove(long id) throws SQLException {
        Optional<DeploymentSummary> before = rows.find(id);
        if (before.isPresent()) {
            delete(before.get());
            run("DELETE FROM deployment_details WHERE controller = ? AND id = ?", controller, id);
        }
        return before.isPresent();
    }

    /** Removes the deployments of a build. */
    public void removeBuild(String job, int build) throws SQLException {
        for (long id : rows.ofBuild(job, build)) {
            remove(id);
        }
    }

    /** Removes the deployments of the jobs of a scope. */
    public void removeJobs(DeploymentScope scope) throws SQLException {
        for (String job : rows.jobs(DeploymentFilter.in(scope))) {
            for (String table : List.of("deployment_person", "deployment_details")) {
                run(
                        "DELETE FROM " + table + " WHERE controller = ? AND id IN"
                                + " (SELECT d.id FROM deployment d WHERE d.controller = ? AND d.job = ?)",
                        controller,
                        controller,
                        job);
            }
            run("DELETE FROM deployment WHERE controller = ? AND job = ?", controller, job);
            run("DELETE FROM deployment_count WHERE controller = ? AND job = ?", controller, job);
        }
    }

    /**
     * Moves the deployments of a job to its new name. Events of builds can arrive before the event of the move, so there can
     * be deployments under the new name already.
     */
    public void renameJob(String from, String to) throws SQLException {
        int moved = run(
                "UPDATE deployment SET job = ?, ref = ? WHERE controller = ? AND job = ?",
                to,
                refOf(to),
                controller,
                from);
        if (moved > 0) {
            run("DELETE FROM deployment_count WHERE controller = ? AND job IN (?, ?)", controller, from, to);
            run(
                    "INSERT INTO deployment_count SELECT controller, job, environment, status, COUNT(*) FROM deployment"
                            + " WHERE controller = ? AND job = ? GROUP BY controller, job, environment, status",
                    controller,
                    to);
        }
    }

    /**
     * Applies what was found on disk, unless the deployment has changed in the read model in the meantime.
     *
     * @param seen the row before the file was read
     * @param found what was in the file; empty if there is none
     * @param details as for {@link #put}
     * @return whether the read model has what was found
     */
    public boolean correct(
            Optional<DeploymentSummary> seen, Optional<DeploymentSummary> found, @CheckForNull String details)
            throws SQLException {
        Optional<Long> id = seen.or(() -> found).map(DeploymentSummary::id);
        if (id.isEmpty() || !rows.find(id.get()).equals(seen)) {
            return false;
        }
        if (found.isPresent()) {
            put(found.get(), details);
        } else {
            remove(id.get());
        }
        return true;
    }

    private static String refOf(String job) {
        return job.substring(job.lastIndexOf('/') + 1);
    }

    private int run(String statement, Object... parameters) throws SQLException {
        return new Sql(statement, parameters).update(connection);
    }
}
