package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import io.jenkins.plugins.deploymentgate.search.DeploymentDetails;
import java.time.Duration;
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

    static BuildJson of(DeploymentDetails details, String ref, UserJson requester, String root) {
        DeploymentRecord.Build build = details.build();
        long id = NumericIds.of(NumericIds.Kind.BUILD, details.job().getFullName() + "#" + details.number());
        String status =
                build.result().map(Result::fromString).map(BuildJson::status).orElse("running");
        String sha = build.commit().orElse(null);
        String url = root + details.job().getUrl() + details.number() + "/";
        Instant finished = build.finishedAt().orElse(null);
        return new BuildJson(
                id,
                status,
                details.deployment().request().place().stage().orElse(null),
                details.job().getName(),
                ref,
                null,
                null,
                build.createdAt(),
                build.startedAt(),
                finished,
                build.finishedAt()
                        .map(end -> Duration.between(build.startedAt(), end).toMillis() / 1000.0)
                        .orElse(null),
                url,
                requester,
                Commit.of(sha),
                new Pipeline(id, details.number(), sha, ref, status, url, build.createdAt(), finished));
    }

    private static String status(Result result) {
        if (result.isBetterOrEqualTo(Result.UNSTABLE)) {
            return "success";
        } else if (result.equals(Result.ABORTED)) {
            return "canceled";
        }
        return result.equals(Result.NOT_BUILT) ? "skipped" : "failed";
    }
}
