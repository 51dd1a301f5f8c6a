package io.jenkins.plugins.deploymentgate.core.policy;

/**
 * What a pipeline tells its approvers.
 *
 * @param message plain text; empty if nothing
 * @param version what is deployed, such as a version or the name of an artifact; empty if nothing
 * @param url where they can look at it, an absolute address of a web page; empty if nowhere
 */
public record Notice(String message, String version, String url) {

    /** Nothing. */
    public static final Notice NONE = new Notice("", "", "");
}
