package io.jenkins.plugins.deploymentgate.core.index;

/**
 * The file of the index cannot be read or written, or its content contradicts itself. The index that threw this is of no
 * use any more; nothing but lists depends on it.
 */
public class IndexFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param cause what went wrong */
    public IndexFailedException(Throwable cause) {
        super("the index of deployments cannot be used: " + cause.getMessage(), cause);
    }
}
