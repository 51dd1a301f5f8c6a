package io.jenkins.plugins.deploymentgate.core.index;

/** The tables. All rows carry the controller that they belong to; times are milliseconds since 1970. */
final class Schema {

    /** Another version of the tables gets another name. */
    static final String NAME = "deployment_gate_2";

    /** Each index is named after its columns, without the controller. */
    private static final String TABLES = """
            CREATE SCHEMA IF NOT EXISTS deployment_gate_2;
            CREATE TABLE IF NOT EXISTS deployment (
              controller VARCHAR(100) NOT NULL, id BIGINT NOT NULL, iid INTEGER NOT NULL, job VARCHAR NOT NULL,
              ref VARCHAR COLLATE "C" NOT NULL, build INTEGER NOT NULL, environment VARCHAR NOT NULL, version VARCHAR NOT NULL,
              place VARCHAR NOT NULL, status VARCHAR(20) NOT NULL, failure_reason VARCHAR(50), requesters VARCHAR ARRAY NOT NULL,
              voters VARCHAR ARRAY NOT NULL, outstanding INTEGER NOT NULL, created_at BIGINT NOT NULL,
              updated_at BIGINT NOT NULL, finished_at BIGINT NOT NULL);
            CREATE UNIQUE INDEX IF NOT EXISTS by_id ON deployment (controller, id);
            CREATE INDEX IF NOT EXISTS by_iid ON deployment (controller, iid, id);
            CREATE INDEX IF NOT EXISTS by_created_at ON deployment (controller, created_at, id);
            CREATE INDEX IF NOT EXISTS by_updated_at ON deployment (controller, updated_at, id);
            CREATE INDEX IF NOT EXISTS by_finished_at ON deployment (controller, finished_at, id);
            CREATE INDEX IF NOT EXISTS by_ref ON deployment (controller, ref, id);
            CREATE INDEX IF NOT EXISTS by_job_id ON deployment (controller, job, id);
            CREATE INDEX IF NOT EXISTS by_job_build ON deployment (controller, job, build);
            CREATE INDEX IF NOT EXISTS by_environment_status_id ON deployment (controller, environment, status, id);
            CREATE INDEX IF NOT EXISTS by_job_environment_status_id ON deployment (controller, job, environment, status, id);
            CREATE TABLE IF NOT EXISTS deployment_record (
              controller VARCHAR(100), id BIGINT, record VARCHAR NOT NULL, commit_id VARCHAR(100), build_created BIGINT NOT NULL,
              build_started BIGINT NOT NULL, build_finished BIGINT, build_result VARCHAR(20), PRIMARY KEY (controller, id));
            CREATE TABLE IF NOT EXISTS deployment_person (
              controller VARCHAR(100), person VARCHAR, role VARCHAR(20), id BIGINT,
              PRIMARY KEY (controller, person, role, id));
            CREATE INDEX IF NOT EXISTS person_by_id ON deployment_person (controller, id);
            CREATE TABLE IF NOT EXISTS deployment_count (
              controller VARCHAR(100), job VARCHAR, environment VARCHAR, status VARCHAR(20), deployments BIGINT NOT NULL,
              PRIMARY KEY (controller, job, environment, status));
            CREATE TABLE IF NOT EXISTS completeness (controller VARCHAR(100) PRIMARY KEY)\
            """;

    private Schema() {}

    /** Drops the tables, whatever is wrong with their content. */
    static final String DROP =
            "DROP TABLE IF EXISTS deployment, deployment_record, deployment_person, deployment_count, completeness";

    /** @return the statements that create what is missing */
    static String statements(boolean embedded) {
        // H2 compares texts by code points as it is, and does not know that collation.
        return embedded ? TABLES.replace(" COLLATE \"C\"", "") : TABLES;
    }
}
