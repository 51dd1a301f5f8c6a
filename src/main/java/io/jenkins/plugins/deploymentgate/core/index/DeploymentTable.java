package io.jenkins.plugins.deploymentgate.core.index;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Changes the rows of one controller, within one transaction. */
public final class DeploymentTable {

    private final DeploymentQueries rows;
    private final String controller;

    DeploymentTable(DeploymentQueries rows) {
        this.rows = rows;
        this.controller = rows.controller;
    }

    /** @return the deployment with that id, as it is in this transaction; empty if there is none */
    public Optional<DeploymentSummary> find(long id) throws SQLException {
        return rows.find(id);
    }

    /** Stores the newest state of a deployment. */
    public void put(DeploymentSummary one, DeploymentRecord record) throws SQLException {
        remove(one.id());
        rows.update(
                "INSERT INTO deployment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                controller,
                one.id(),
                one.iid(),
                one.job(),
                DeploymentOrder.REF.valueOf(one),
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
                DeploymentOrder.FINISHED_AT.valueOf(one));
        DeploymentRecord.Build build = record.build();
        rows.update(
                "INSERT INTO deployment_record VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                controller,
                one.id(),
                record.json(),
                build.commit().orElse(null),
                build.createdAt().toEpochMilli(),
                build.startedAt().toEpochMilli(),
                build.finishedAt().map(Instant::toEpochMilli).orElse(null),
                build.result().orElse(null));
        addPeople(one.id(), DeploymentQueries.REQUESTER, one.requesters());
        addPeople(one.id(), DeploymentQueries.VOTER, one.voters());
        if (count(one, 1) == 0) {
            rows.update(
                    "INSERT INTO deployment_count VALUES (?, ?, ?, ?, 1)",
                    controller,
                    one.job(),
                    one.environment(),
                    one.status().name());
        }
    }

    private void addPeople(long id, String role, List<String> people) throws SQLException {
        for (String person : people.stream().distinct().toList()) {
            rows.update("INSERT INTO deployment_person VALUES (?, ?, ?, ?)", controller, person, role, id);
        }
    }

    private int count(DeploymentSummary one, int more) throws SQLException {
        return rows.update(
                "UPDATE deployment_count SET deployments = deployments + ?"
                        + " WHERE controller = ? AND job = ? AND environment = ? AND status = ?",
                more,
                controller,
                one.job(),
                one.environment(),
                one.status().name());
    }

    /** Removes a deployment, if it is there. */
    public void remove(long id) throws SQLException {
        Optional<DeploymentSummary> before = find(id);
        if (before.isPresent()) {
            for (String table : List.of("deployment", "deployment_person", "deployment_record")) {
                rows.update("DELETE FROM " + table + " WHERE controller = ? AND id = ?", controller, id);
            }
            count(before.get(), -1);
            rows.update(
                    "DELETE FROM deployment_count WHERE controller = ? AND job = ? AND deployments = 0",
                    controller,
                    before.get().job());
        }
    }

    /** Stores how a build has ended. */
    public void finishBuild(String job, int build, DeploymentRecord.Build ended) throws SQLException {
        rows.update(
                "UPDATE deployment_record SET build_finished = ?, build_result = ? WHERE controller = ? AND id IN"
                        + " (SELECT d.id FROM deployment d WHERE d.controller = ? AND d.job = ? AND d.build = ?)",
                ended.finishedAt().map(Instant::toEpochMilli).orElse(null),
                ended.result().orElse(null),
                controller,
                controller,
                job,
                build);
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
            for (String table : List.of("deployment_person", "deployment_record")) {
                rows.update(
                        "DELETE FROM " + table + " WHERE controller = ? AND id IN"
                                + " (SELECT d.id FROM deployment d WHERE d.controller = ? AND d.job = ?)",
                        controller,
                        controller,
                        job);
            }
            rows.update("DELETE FROM deployment WHERE controller = ? AND job = ?", controller, job);
            rows.update("DELETE FROM deployment_count WHERE controller = ? AND job = ?", controller, job);
        }
    }

    /**
     * Moves the deployments of a job to its new name. Events of builds can arrive before the event of the move, so there can
     * be deployments under the new name already.
     */
    public void renameJob(String from, String to) throws SQLException {
        int moved = rows.update(
                "UPDATE deployment SET job = ?, ref = ? WHERE controller = ? AND job = ?",
                to,
                DeploymentOrder.refOf(to),
                controller,
                from);
        if (moved > 0) {
            rows.update("DELETE FROM deployment_count WHERE controller = ? AND job IN (?, ?)", controller, from, to);
            count(" AND job = ?", controller, to);
        }
    }

    /** Counts all deployments. */
    void recount() throws SQLException {
        rows.update("DELETE FROM deployment_count WHERE controller = ?", controller);
        count("", controller);
    }

    private void count(String condition, Object... parameters) throws SQLException {
        rows.update(
                "INSERT INTO deployment_count SELECT controller, job, environment, status, COUNT(*) FROM deployment"
                        + " WHERE controller = ?" + condition + " GROUP BY controller, job, environment, status",
                parameters);
    }
}
