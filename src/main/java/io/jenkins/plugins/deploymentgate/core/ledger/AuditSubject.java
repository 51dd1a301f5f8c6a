package io.jenkins.plugins.deploymentgate.core.ledger;

/**
 * What an event is about. What does not apply is empty, or 0.
 *
 * @param environment the name of an environment, or a pattern of such names
 * @param item the full name of the job, or of the folder or job where the environment is protected
 * @param build the number of the build
 * @param deployment the id of the deployment
 */
public record AuditSubject(String environment, String item, int build, long deployment) {

    /** The ledger itself. */
    public static final AuditSubject LEDGER = new AuditSubject("", "", 0, 0);

    /**
     * @param environment a name or a pattern
     * @param scope the full name of the folder or job where it is protected; empty for the whole Jenkins
     * @return a protected environment
     */
    public static AuditSubject environment(String environment, String scope) {
        return new AuditSubject(environment, scope, 0, 0);
    }
}
