package io.jenkins.plugins.deploymentgate.core.index;

import java.util.ArrayList;
import java.util.List;

/** The tables. All rows carry the controller that they belong to; times are milliseconds since 1970. */
final class Schema {

    private static final List<String> TABLES =
            List.of("""
                deployment (
                  controller VARCHAR(100) NOT NULL, id BIGINT NOT NULL, iid INTEGER NOT NULL, job VARCHAR NOT NULL,
                  ref VARCHAR %s NOT NULL, build INTEGER NOT NULL, environment VARCHAR NOT NULL, version VARCHAR NOT NULL,
                  place VARCHAR NOT NULL, status VARCHAR(20) NOT NULL, failure_reason VARCHAR(50), requesters VARCHAR ARRAY NOT NULL,
                  voters VARCHAR ARRAY NOT NULL, outstanding INTEGER NOT NULL, created_at BIGINT NOT NULL,
                  updated_at BIGINT NOT NULL, finished_at BIGINT NOT NULL)\
                """, """
                deployment_person (
                  controller VARCHAR(100), person VARCHAR, role VARCHAR(20), id BIGINT,
                  PRIMARY KEY (controller, person, role, id))\
                """, """
                deployment_count (
                  controller VARCHAR(100), job VARCHAR, environment VARCHAR, status VARCHAR(20), deployments BIGINT NOT NULL,
                  PRIMARY KEY (controller, job, environment, status))\
                """, """
                deployment_details (
                  controller VARCHAR(100), id BIGINT, details VARCHAR NOT NULL, PRIMARY KEY (controller, id))\
                """, "completeness" + " (controller" + " VARCHAR(100)" + " PRIMARY" + " KEY)");

    private static final List<String> INDEXES = List.of(
            "UNIQUE INDEX IF NOT EXISTS by_id ON deployment (controller, id)",
            "INDEX IF NOT EXISTS by_iid ON deployment (controller, iid, id)",
            "INDEX IF NOT EXISTS by_created_at ON deployment (controller, created_at, id)",
            "INDEX IF NOT EXISTS by_updated_at ON deployment (controller, updated_at, id)",
            "INDEX IF NOT EXISTS by_finished_at ON deployment (controller, finished_at, id)",
            "INDEX IF NOT EXISTS by_ref ON deployment (controller, ref, id)",
            "INDEX IF NOT EXISTS by_job ON deployment (controller, job, id)",
            "INDEX IF NOT EXISTS by_build ON deployment (controller, job, build)",
            "INDEX IF NOT EXISTS by_group ON deployment (controller, job, environment, status, id)",
            "INDEX IF NOT EXISTS person_of ON deployment_person (controller, id)");

    private Schema() {}

    /** @return the statement that creates an H2 schema and makes it that of the connection */
    static String create(String schema) {
        return "CREATE SCHEMA IF NOT EXISTS " + schema + "; SET SCHEMA " + schema;
    }

    /** @return the statements that create what is missing */
    static List<String> statements(String schema, boolean embedded) {
        List<String> statements = new ArrayList<>();
        if (!embedded) {
            statements.add("CREATE SCHEMA IF NOT EXISTS " + schema);
        }
        TABLES.forEach(table ->
                statements.add("CREATE TABLE IF NOT EXISTS " + table.replace("%s", embedded ? "" : "COLLATE \"C\"")));
        INDEXES.forEach(index -> statements.add("CREATE " + index));
        return statements;
    }
}
