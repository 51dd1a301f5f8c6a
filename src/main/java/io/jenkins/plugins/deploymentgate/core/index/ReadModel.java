package io.jenkins.plugins.deploymentgate.core.index;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The database from which lists of deployments are answered: a view of the records in the directories of the builds. It is
 * an embedded H2 database in one file, or a schema of a PostgreSQL database that several controllers may share.
 *
 * <p>Any thread may call. Each question sees the deployments as they were at one instant, and each change is seen wholly or
 * not at all. A crash can take back the changes of the last seconds, never a part of one; a model that was not closed is
 * therefore not {@link #isComplete} when it is opened again, until somebody has compared it with the builds.
 *
 * <p>All methods throw {@link FailedException} if the database fails, and after the model was closed.
 */
public final class ReadModel implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(ReadModel.class.getName());

    private static final String SUFFIX = ".mv.db";
    private static final int CONNECTIONS = 8;
    private static final long PATIENCE_MILLIS = 3_000;

    private final HikariDataSource connections;
    private final String controller;
    private final boolean embedded;

    @CheckForNull
    private final Path file;

    private final Lock writing = new ReentrantLock();
    private volatile boolean complete;

    /** The database failed. Nothing but lists depends on it. */
    public static final class FailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        FailedException(Exception cause) {
            super("The read model of deployments failed: " + cause.getMessage(), cause);
        }
    }

    /** A change of deployments, within one transaction. */
    public interface Change {

        /** @throws SQLException if the database fails */
        void apply(DeploymentTable table) throws SQLException;
    }

    private interface Work<T> {
        T on(DeploymentQueries rows) throws SQLException;
    }

    /**
     * How to reach a PostgreSQL database.
     *
     * @param url begins with {@code jdbc:postgresql:}
     * @param controller tells the rows of this controller from those of others
     */
    public record Server(String url, String user, String password, String controller) {

        @Override
        public String toString() {
            return url;
        }
    }

    private ReadModel(HikariConfig config, String controller, @CheckForNull Path file) {
        this.controller = controller;
        this.file = file;
        this.embedded = config.getJdbcUrl().startsWith("jdbc:h2:");
        config.setAutoCommit(false);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setIsolateInternalQueries(true);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName("deployment-gate");
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        HikariDataSource pool = null;
        try {
            pool = new HikariDataSource(config);
            try (Connection connection = pool.getConnection()) {
                prepare(connection);
            }
        } catch (SQLException | RuntimeException e) {
            if (pool != null) {
                pool.close();
            }
            throw new FailedException(e);
        }
        connections = pool;
    }

    @SuppressFBWarnings(
            value = "SQL_NONCONSTANT_STRING_PASSED_TO_EXECUTE",
            justification = "Only constants of this package are passed.")
    private void prepare(Connection connection) throws SQLException {
        execute(connection, Schema.statements(embedded));
        DeploymentQueries rows = new DeploymentQueries(connection, controller, embedded);
        complete = rows.update("DELETE FROM completeness WHERE controller = ?", controller) > 0;
        if (!complete && embedded) {
            // H2 can lose the agreement of rows and indexes in a kill, and would list a deployment twice.
            execute(connection, Schema.DROP);
            execute(connection, Schema.statements(true));
        } else if (!complete) {
            // Counts are changed by differences, so what a crash has left of them is not kept.
            new DeploymentTable(rows).recount();
        }
        connection.commit();
        if (embedded) {
            execute(connection, "CHECKPOINT SYNC");
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    /**
     * Opens the embedded database. A file that is damaged, locked by another process, or was written by another version is set
     * aside: it gets the suffix {@code .unusable}, and replaces an older one of that name.
     *
     * @param file its name ends in {@value #SUFFIX}
     * @return the model; empty if there was no usable file
     * @throws IOException if the file cannot be created
     */
    public static ReadModel open(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory"));
        String name = file.toAbsolutePath().toString();
        // The file system "async" survives interrupts, which close the channels of the others.
        String url = "jdbc:h2:async:"
                + name.substring(0, name.length() - SUFFIX.length()).replace(";", "\\;")
                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;WRITE_DELAY=1000";
        if (Files.exists(file)) {
            try {
                return embedded(url, "", file);
            } catch (FailedException e) {
                setAside(file, e);
            }
        }
        try {
            return embedded(url, "CREATE SCHEMA IF NOT EXISTS " + Schema.NAME + ";", file);
        } catch (FailedException e) {
            throw new IOException(file + " cannot be created: " + e.getMessage(), e);
        }
    }

    /** @return an empty model that is gone when it is closed */
    public static ReadModel inMemory() {
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";TRACE_LEVEL_FILE=0";
        return embedded(url, "CREATE SCHEMA IF NOT EXISTS " + Schema.NAME + ";", null);
    }

    private static ReadModel embedded(String url, String init, @CheckForNull Path file) {
        HikariConfig config = new HikariConfig();
        config.setDriverClassName("org.h2.Driver");
        config.setJdbcUrl(url);
        config.setConnectionInitSql(init + "SET SCHEMA " + Schema.NAME);
        config.setMaxLifetime(0);
        return new ReadModel(config, "", file);
    }

    /**
     * Connects to a PostgreSQL database. Takes seconds at most.
     *
     * @throws FailedException if it cannot be reached, or its driver is missing
     */
    public static ReadModel connect(Server server) {
        HikariConfig config = new HikariConfig();
        try {
            config.setDriverClassName("org.postgresql.Driver");
        } catch (RuntimeException e) {
            throw new FailedException(
                    new IOException("the plugin postgresql-api, which has the driver, is missing", e));
        }
        config.setJdbcUrl(server.url());
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.addDataSourceProperty("currentSchema", Schema.NAME);
        config.addDataSourceProperty("connectTimeout", "2");
        config.addDataSourceProperty("socketTimeout", "10");
        return new ReadModel(config, server.controller(), null);
    }

    private static void setAside(Path file, Exception why) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".unusable");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOGGER.log(
                Level.WARNING,
                why,
                () -> "The read model of deployments could not be used and was set aside as " + aside
                        + "; it is rebuilt from the records of the builds");
    }

    /** @return whether all deployments are in it; if not, somebody has to compare it with the builds */
    public boolean isComplete() {
        return complete;
    }

    /** Says whether all deployments are in it now. */
    public void setComplete(boolean complete) {
        this.complete = complete;
    }

    /** Changes deployments, all or nothing. Changes do not overlap, so each must be quick. */
    public void write(Change change) {
        writing.lock();
        try {
            transaction(rows -> {
                change.apply(new DeploymentTable(rows));
                return null;
            });
        } finally {
            writing.unlock();
        }
    }

    private <T> T transaction(Work<T> work) {
        try (Connection connection = connections.getConnection()) {
            T result = work.on(new DeploymentQueries(connection, controller, embedded));
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            // The pool rolls back what was not committed.
            complete = false;
            throw new FailedException(e);
        }
    }

    /** @return the deployment with that id; empty if there is none */
    public Optional<DeploymentSummary> find(long id) {
        return transaction(rows -> rows.find(id));
    }

    /** @return the records of those of these deployments that are there, by id */
    public Map<Long, DeploymentRecord> records(List<Long> ids) {
        return transaction(rows -> rows.records(ids));
    }

    /**
     * @param readable whether the caller may read the job with that full name. Asked once for each job that has deployments
     *     of the wanted environment and status, with no lock or transaction open
     * @return the list
     */
    public DeploymentList page(DeploymentQuery query, Predicate<String> readable) {
        boolean known = complete;
        Set<String> jobs = jobs(query.filter(), readable);
        return transaction(rows -> rows.page(query, jobs, known));
    }

    /** @return how many deployments the filter admits, exact up to {@link DeploymentList#MAX_TOTAL} */
    public long count(DeploymentFilter filter, Predicate<String> readable) {
        Set<String> jobs = jobs(filter, readable);
        return transaction(rows -> rows.count(filter, jobs));
    }

    /**
     * @param byJob whether the deployments of each job are apart
     * @return the environments to which there are deployments, by name and then by job
     */
    public List<EnvironmentSummary> environments(DeploymentScope scope, boolean byJob, Predicate<String> readable) {
        Set<String> jobs = jobs(DeploymentFilter.in(scope), readable);
        return transaction(rows -> rows.environments(scope, jobs, byJob));
    }

    private Set<String> jobs(DeploymentFilter filter, Predicate<String> readable) {
        Set<String> jobs = transaction(rows -> rows.jobs(filter));
        jobs.removeIf(readable.negate());
        return jobs;
    }

    /** Lets go of the database. A model that is complete is trusted when it is opened again. */
    @Override
    public void close() {
        writing.lock();
        try (HikariDataSource pool = connections) {
            if (!pool.isClosed() && complete) {
                transaction(rows -> rows.update("INSERT INTO completeness VALUES (?)", controller));
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Lets go of a database that has failed, and sets its file aside.
     *
     * @throws IOException if the file cannot be set aside
     */
    public void abandon(Exception why) throws IOException {
        if (embedded && !connections.isClosed()) {
            try (Connection connection = connections.getConnection()) {
                execute(connection, "SHUTDOWN IMMEDIATELY");
            } catch (SQLException | RuntimeException e) {
                LOGGER.log(Level.FINE, e, () -> "The failed database cannot be shut down");
            }
        }
        connections.close();
        if (file != null && Files.exists(file)) {
            setAside(file, why);
        }
    }
}
