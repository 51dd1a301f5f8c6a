package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Result;
import hudson.model.Run;
import java.time.Instant;

/**
 * The build of a deployment, in the fields of GitLab's jobs. Unknown values are null.
 *
 * @param duration in seconds; null while it runs
 * @param stage the innermost stage around the step of the deployment
 * @param user the requester
 */
record BuildJson(
        long id,
        String status,
        String stage,
        String name,
        String ref,
        Boolean tag,
        Double coverage,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        Double duration,
        String webUrl,
        UserJson user,
        Commit commit,
        Pipeline pipeline) {

    private static final int SHORT = 8;

    /** The built commit, of which Jenkins keeps only the ID. */
    record Commit(
            String id,
            String shortId,
            String title,
            String authorName,
            String authorEmail,
            Instant createdAt,
            String message) {

        static Commit of(String sha) {
            return sha == null ? null : new Commit(sha, sha.substring(0, SHORT), null, null, null, null, null);
        }
    }

    /** The build again: GitLab's pipelines have several jobs, a pipeline build of Jenkins is one. */
    record Pipeline(
            long id,
            int iid,
            String sha,
            String ref,
            String status,
            String webUrl,
            Instant createdAt,
            Instant updatedAt) {}

    static BuildJson of(Run<?, ?> build, String stage, UserJson requester, String root) {
        long id = NumericIds.of(NumericIds.Kind.BUILD, build.getExternalizableId());
        String ref = SourceFacts.branchOf(build.getParent());
        String sha = SourceFacts.commitOf(build);
        String url = root + build.getUrl();
        Instant created = Instant.ofEpochMilli(build.getTimeInMillis());
        Instant started = Instant.ofEpochMilli(build.getStartTimeInMillis());
        boolean ended = !build.isBuilding();
        Instant finished = ended ? started.plusMillis(build.getDuration()) : null;
        return new BuildJson(
                id,
                status(build),
                stage,
                build.getParent().getName(),
                ref,
                null,
                null,
                created,
                started,
                finished,
                ended ? build.getDuration() / 1000.0 : null,
                url,
                requester,
                Commit.of(sha),
                new Pipeline(id, build.getNumber(), sha, ref, status(build), url, created, finished));
    }

    private static String status(Run<?, ?> build) {
        Result result = build.getResult();
        if (build.isBuilding() || result == null) {
            return "running";
        } else if (result.isBetterOrEqualTo(Result.UNSTABLE)) {
            return "success";
        } else if (result.equals(Result.ABORTED)) {
            return "canceled";
        }
        return result.equals(Result.NOT_BUILT) ? "skipped" : "failed";
    }
}
