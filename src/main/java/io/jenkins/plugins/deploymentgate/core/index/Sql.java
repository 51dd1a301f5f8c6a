package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** An SQL statement under construction, and its parameters. */
final class Sql {

    /** Reads one row of a result. */
    interface Row<T> {
        T read(ResultSet result) throws SQLException;
    }

    private static final String NONCONSTANT = "SQL_PREPARED_STATEMENT_GENERATED_FROM_NONCONSTANT_STRING";
    private static final String CONSTANTS = "The text is put together from constants; values are parameters.";

    private final StringBuilder text = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    Sql(String text, Object... parameters) {
        add(text, parameters);
    }

    /** @param more strings, numbers, null, collections of strings, or arrays of ids */
    Sql add(String part, Object... more) {
        text.append(part);
        parameters.addAll(Arrays.asList(more));
        return this;
    }

    Sql prepend(String part) {
        text.insert(0, part);
        return this;
    }

    @SuppressFBWarnings(value = NONCONSTANT, justification = CONSTANTS)
    <T> List<T> query(Connection connection, Row<T> row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text.toString())) {
            bind(statement);
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(row.read(result));
                }
            }
            return rows;
        }
    }

    /** @return how many rows were changed */
    @SuppressFBWarnings(value = NONCONSTANT, justification = CONSTANTS)
    int update(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text.toString())) {
            bind(statement);
            return statement.executeUpdate();
        }
    }

    private void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            Object parameter = storable(parameters.get(i));
            if (parameter instanceof Long[] ids) {
                parameter = statement.getConnection().createArrayOf("bigint", ids);
            } else if (parameter instanceof Collection<?> strings) {
                Object[] values = strings.stream().map(Sql::storable).toArray();
                parameter = statement.getConnection().createArrayOf("varchar", values);
            }
            statement.setObject(i + 1, parameter);
        }
    }

    /** PostgreSQL refuses texts with NUL characters, which clients may ask for. */
    private static Object storable(Object value) {
        return value instanceof String string ? string.replace('\0', '\uFFFD') : value;
    }
}
