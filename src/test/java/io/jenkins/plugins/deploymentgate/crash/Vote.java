package io.jenkins.plugins.deploymentgate.crash;

import java.util.Map;

/**
 * Something that somebody wants to do with a deployment.
 *
 * @param build the number of the build
 * @param deployment the deployment
 * @param user who
 * @param kind what
 */
record Vote(int build, long deployment, String user, Kind kind) {

    /** What can be done. */
    enum Kind {
        APPROVE,
        REJECT,
        WITHDRAW
    }

    /** How a vote is told of by {@link BuildState}. */
    static String onDisk(String user, String decision) {
        return user + " " + decision;
    }

    /** The address below the build. */
    String path() {
        return "deployment-gate/" + deployment + (kind == Kind.WITHDRAW ? "/withdraw" : "/vote");
    }

    /** The fields of the form. */
    Map<String, String> form() {
        return switch (kind) {
            case APPROVE -> Map.of("status", "approved", "comment", "by " + user);
            case REJECT -> Map.of("status", "rejected", "comment", "by " + user);
            case WITHDRAW -> Map.of();
        };
    }

    /** What the audit ledger has of it. */
    LedgerFiles.Act act() {
        String event =
                switch (kind) {
                    case APPROVE -> "approved";
                    case REJECT -> "rejected";
                    case WITHDRAW -> "withdrawn";
                };
        return new LedgerFiles.Act(deployment, user, event);
    }

    /** Whether this is what the state shows, whatever else it shows. */
    boolean isIn(BuildState.State state) {
        return switch (kind) {
            case APPROVE -> state.votes().contains(onDisk(user, "approved"));
            case REJECT -> state.votes().contains(onDisk(user, "rejected"));
            case WITHDRAW -> state.withdrawn().contains(user) && !state.votes().contains(onDisk(user, "approved"));
        };
    }
}
