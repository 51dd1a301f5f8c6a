package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter.Range;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the rows of one controller, within one transaction.
 *
 * <p>The table {@code deployment_count} has the number of deployments for each job, environment and status. It gives the
 * totals of lists that are limited by nothing else, and says whether a page is found sooner by reading all deployments in the
 * order of the list or by collecting the wanted ones and sorting them. PostgreSQL decides that for itself; H2 needs to be told
 * the index, because its optimizer may choose one that makes it sort the whole table.
 */
final class DeploymentQueries {

    /** How much longer it takes to collect and sort a row than to read it in order. */
    private static final int SORTING = 5;

    static final String REQUESTER = "requester";
    static final String VOTER = "voter";

    private static final String COLUMNS = "d.id, d.iid, d.job, d.build, d.environment, d.version, d.place, d.status,"
            + " d.failure_reason, d.requesters, d.voters, d.outstanding, d.created_at, d.updated_at, d.finished_at";

    private final Connection connection;
    final String controller;
    private final boolean hints;

    /** @param hints whether the database needs to be told which index to use */
    DeploymentQueries(Connection connection, String controller, boolean hints) {
        this.connection = connection;
        this.controller = controller;
        this.hints = hints;
    }

    /**
     * Which deployments are wanted, and how many of them there are by job, environment and status alone.
     *
     * @param jobs the jobs that they are limited to; empty if the rest of the filter needs no such limit
     */
    private record Selection(DeploymentFilter filter, Optional<Set<String>> jobs, long counted) {

        boolean isCounted() {
            return filter.ranges().isEmpty()
                    && filter.requester().isEmpty()
                    && filter.voter().isEmpty();
        }
    }

    Optional<DeploymentSummary> find(long id) throws SQLException {
        return new Sql("SELECT " + COLUMNS + " FROM deployment d WHERE d.controller = ? AND d.id = ?", controller, id)
                .query(connection, DeploymentQueries::summary).stream().findFirst();
    }

    List<Long> ofBuild(String job, int build) throws SQLException {
        return new Sql(
                        "SELECT id FROM deployment WHERE controller = ? AND job = ? AND build = ?",
                        controller,
                        job,
                        build)
                .query(connection, row -> row.getLong(1));
    }

    Map<Long, DeploymentRecord> records(Collection<Long> ids) throws SQLException {
        Map<Long, DeploymentRecord> found = new TreeMap<>();
        // H2 would not use the index for "= ANY(?)".
        new Sql(
                        "SELECT r.id, r.record, r.commit_id, r.build_created, r.build_started, r.build_finished, r.build_result"
                                + " FROM UNNEST(CAST(? AS BIGINT ARRAY)) AS wanted (id) JOIN deployment_record r"
                                + " ON r.controller = ? AND r.id = wanted.id",
                        ids.toArray(Long[]::new),
                        controller)
                .query(connection, row -> found.put(row.getLong(1), record(row)));
        return found;
    }

    private static DeploymentRecord record(ResultSet row) throws SQLException {
        DeploymentRecord.Build build = new DeploymentRecord.Build(
                Optional.ofNullable(row.getString(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                Optional.ofNullable(row.getObject(6, Long.class)).map(Instant::ofEpochMilli),
                Optional.ofNullable(row.getString(7)));
        return new DeploymentRecord(row.getString(2), build);
    }

    /** @return how many rows were changed */
    int update(String statement, Object... parameters) throws SQLException {
        return new Sql(statement, parameters).update(connection);
    }

    /** @return the jobs of the scope that have deployments of the wanted environment and status */
    Set<String> jobs(DeploymentFilter filter) throws SQLException {
        Set<String> jobs = counts(filter).keySet();
        jobs.removeIf(job -> !filter.scope().contains(job));
        return jobs;
    }

    private Map<String, Long> counts(DeploymentFilter filter) throws SQLException {
        Sql sql = new Sql("SELECT c.job, c.deployments FROM deployment_count c WHERE c.controller = ?", controller);
        if (!filter.scope().below()) {
            sql.add(" AND c.job = ?", filter.scope().name());
        }
        Map<String, Long> counts = new TreeMap<>();
        groups(sql, "c", filter).query(connection, row -> counts.merge(row.getString(1), row.getLong(2), Long::sum));
        return counts;
    }

    private static Sql groups(Sql sql, String table, DeploymentFilter filter) {
        filter.environment().ifPresent(name -> sql.add(" AND " + table + ".environment = ?", name));
        filter.status().ifPresent(status -> sql.add(" AND " + table + ".status = ?", status.name()));
        return sql;
    }

    private Selection select(DeploymentFilter filter, Set<String> readable) throws SQLException {
        Map<String, Long> counts = counts(filter);
        boolean all = filter.scope().below() && readable.containsAll(counts.keySet());
        counts.keySet().retainAll(readable);
        return new Selection(
                filter,
                all ? Optional.empty() : Optional.of(counts.keySet()),
                counts.values().stream().mapToLong(Long::longValue).sum());
    }

    /** @param readable the jobs of the scope that the caller may read */
    DeploymentList page(DeploymentQuery query, Set<String> readable, boolean complete) throws SQLException {
        Selection selection = select(query.filter(), readable);
        long total = total(selection);
        if (query.limit() == 0 || query.offset() >= total && total <= DeploymentList.MAX_TOTAL) {
            return new DeploymentList(List.of(), total, complete);
        }
        List<String> same = sameInOrder(query);
        String column = query.order().column();
        boolean sorting = selection.isCounted()
                ? (double) SORTING * total * total < (double) (query.offset() + query.limit()) * walked(same, query)
                : total <= DeploymentList.MAX_TOTAL;
        String index =
                "by_" + Stream.concat(same.stream().skip(1), Stream.of(column)).collect(Collectors.joining("_"));
        Sql sql = sorting ? selected(COLUMNS, selection) : scan(COLUMNS, index, selection);
        query.after().ifPresent(position -> after(sql, query, position));
        String columns = Stream.concat(same.stream(), Stream.of(column, "id"))
                .distinct()
                .map(name -> "d." + name + (query.descending() ? " DESC" : ""))
                .collect(Collectors.joining(", "));
        sql.add(" ORDER BY " + columns + " OFFSET ? ROWS FETCH NEXT ? ROWS ONLY", query.offset(), query.limit());
        return new DeploymentList(sql.query(connection, DeploymentQueries::summary), total, complete);
    }

    /** @return the columns that come before the order in the best index, and that are the same in all wanted deployments */
    private static List<String> sameInOrder(DeploymentQuery query) {
        DeploymentFilter filter = query.filter();
        List<String> same = new ArrayList<>(List.of("controller"));
        if (query.order() == DeploymentOrder.ID) {
            if (!filter.scope().below()) {
                same.add("job");
            }
            if (filter.environment().isPresent() && filter.status().isPresent()) {
                same.addAll(List.of("environment", "status"));
            }
        }
        return same;
    }

    private static void after(Sql sql, DeploymentQuery query, DeploymentQuery.Position position) {
        String column = "d." + query.order().column();
        String than = query.descending() ? "<" : ">";
        sql.add(" AND " + column + " " + than + "= ?", position.value());
        sql.add(" AND (" + column + " " + than + " ? OR d.id " + than + " ?)", position.value(), position.id());
    }

    long count(DeploymentFilter filter, Set<String> readable) throws SQLException {
        return total(select(filter, readable));
    }

    private long total(Selection selection) throws SQLException {
        return selection.isCounted()
                ? selection.counted()
                : number(selected("1", selection)
                        .prepend("SELECT COUNT(*) FROM (")
                        .add(" FETCH FIRST " + (DeploymentList.MAX_TOTAL + 1) + " ROWS ONLY) counted"));
    }

    /** @return how many deployments there are with the same values in these columns */
    private long walked(List<String> same, DeploymentQuery query) throws SQLException {
        Sql sql = new Sql("SELECT SUM(c.deployments) FROM deployment_count c WHERE c.controller = ?", controller);
        if (same.contains("job")) {
            sql.add(" AND c.job = ?", query.filter().scope().name());
        }
        return number(same.contains("status") ? groups(sql, "c", query.filter()) : sql);
    }

    private long number(Sql sql) throws SQLException {
        return sql.query(connection, row -> row.getLong(1)).get(0);
    }

    /** Finds the wanted deployments by what selects fewest of them. */
    private Sql selected(String columns, Selection selection) {
        DeploymentFilter filter = selection.filter();
        if (selection.counted() <= DeploymentList.MAX_TOTAL || selection.isCounted()) {
            Sql sql = new Sql(
                    "SELECT " + columns + " FROM deployment_count c JOIN deployment d"
                            + use("by_job_environment_status_id") + " ON d.controller = c.controller AND d.job = c.job"
                            + " AND d.environment = c.environment AND d.status = c.status WHERE c.controller = ?",
                    controller);
            selection.jobs().ifPresent(jobs -> sql.add(" AND c.job = ANY(?)", jobs));
            return limits(groups(sql, "c", filter), filter);
        }
        if (filter.requester().isPresent() || filter.voter().isPresent()) {
            Sql sql = new Sql(
                    "SELECT " + columns + " FROM deployment_person p JOIN deployment d" + use("by_id")
                            + " ON d.controller = p.controller AND d.id = p.id"
                            + " WHERE p.controller = ? AND p.person = ? AND p.role = ?",
                    controller,
                    filter.requester().or(filter::voter).orElseThrow(),
                    filter.requester().isPresent() ? REQUESTER : VOTER);
            return conditions(sql, selection);
        }
        DeploymentOrder limited = filter.ranges().keySet().iterator().next();
        return scan(columns, "by_" + limited.column(), selection);
    }

    /** Goes through all deployments in the order of an index. */
    private Sql scan(String columns, String index, Selection selection) {
        String from = " FROM deployment d" + use(index) + " WHERE d.controller = ?";
        return conditions(new Sql("SELECT " + columns + from, controller), selection);
    }

    private String use(String index) {
        return hints ? " USE INDEX (" + index + ")" : "";
    }

    private static Sql conditions(Sql sql, Selection selection) {
        selection.jobs().ifPresent(jobs -> {
            if (jobs.size() == 1) {
                sql.add(" AND d.job = ?", jobs.iterator().next());
            } else {
                sql.add(" AND d.job = ANY(?)", jobs);
            }
        });
        return limits(groups(sql, "d", selection.filter()), selection.filter());
    }

    private static Sql limits(Sql sql, DeploymentFilter filter) {
        filter.requester().ifPresent(person -> sql.add(" AND ? = ANY(d.requesters)", person));
        filter.voter().ifPresent(person -> sql.add(" AND ? = ANY(d.voters)", person));
        for (Map.Entry<DeploymentOrder, Range> limit : filter.ranges().entrySet()) {
            Range range = limit.getValue();
            sql.add(" AND d." + limit.getKey().column() + " BETWEEN ? AND ?", range.from(), range.to());
        }
        return sql;
    }

    List<EnvironmentSummary> environments(DeploymentScope scope, Set<String> readable, boolean byJob)
            throws SQLException {
        Selection selection = select(DeploymentFilter.in(scope), readable);
        Sql sql = new Sql(
                "SELECT " + COLUMNS + " FROM deployment_count c JOIN deployment d" + use("by_id")
                        + " ON d.controller = c.controller AND d.id = (SELECT x.id FROM deployment x"
                        + use("by_job_environment_status_id")
                        + " WHERE x.controller = c.controller AND x.job = c.job AND x.environment = c.environment"
                        + " AND x.status = c.status ORDER BY x.controller DESC, x.job DESC, x.environment DESC,"
                        + " x.status DESC, x.id DESC FETCH FIRST ROW ONLY) WHERE c.controller = ?",
                controller);
        selection.jobs().ifPresent(jobs -> sql.add(" AND c.job = ANY(?)", jobs));
        return sql.query(connection, DeploymentQueries::summary).stream()
                .collect(Collectors.groupingBy(
                        one -> one.environment() + (byJob ? "\0" + one.job() : ""),
                        TreeMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), DeploymentQueries::environment)))
                .values()
                .stream()
                .toList();
    }

    private static EnvironmentSummary environment(List<DeploymentSummary> latest) {
        Comparator<DeploymentSummary> byId = Comparator.comparingLong(DeploymentSummary::id);
        DeploymentSummary last = latest.stream().max(byId).orElseThrow();
        return new EnvironmentSummary(
                last.environment(),
                last,
                latest.stream().filter(one -> one.status() == Status.SUCCESS).max(byId));
    }

    private static DeploymentSummary summary(ResultSet row) throws SQLException {
        long finished = row.getLong(15);
        return new DeploymentSummary(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                Status.valueOf(row.getString(8)),
                reason(row.getString(9)),
                strings(row.getArray(10)),
                strings(row.getArray(11)),
                row.getInt(12),
                Instant.ofEpochMilli(row.getLong(13)),
                Instant.ofEpochMilli(row.getLong(14)),
                finished == DeploymentOrder.UNFINISHED
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(finished)));
    }

    /** @return null also for a reason of another version of this plugin */
    @CheckForNull
    private static EndReason reason(@CheckForNull String name) {
        return Stream.of(EndReason.values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<String> strings(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }
}
