package io.jenkins.plugins.deploymentgate.core.record;

import static io.jenkins.plugins.deploymentgate.core.record.Fields.present;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.DeploymentTimes;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON form of a deployment on disk. It is separate from {@link Deployment}, so that the type can change while old
 * files stay readable. Unknown fields are an error: a file that this version does not wholly understand must not open a
 * gate.
 *
 * @param format the version of this form, {@link #FORMAT}
 */
record DeploymentDocument(
        int format,
        long id,
        int iid,
        RequestDocument request,
        boolean anchored,
        Status status,
        @JsonInclude(JsonInclude.Include.NON_NULL) EndingDocument ending,
        PolicyDocument policy,
        HistoryDocument history,
        TimesDocument times) {

    static final int FORMAT = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .build();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestDocument(
            String environment,
            List<String> requesters,
            boolean automated,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknownRequesters,
            ReplayDocument replay,
            AuthorsDocument authors,
            String message,
            String version,
            String url,
            Duration deadline,
            PlaceDocument place,
            @JsonInclude(JsonInclude.Include.NON_NULL) Boolean allowOlder,
            ReferenceDocument newer) {

        static RequestDocument of(DeploymentRequest request) {
            return new RequestDocument(
                    request.environment(),
                    request.origin().people(),
                    request.origin().automated(),
                    request.origin().unknown(),
                    request.origin()
                            .replay()
                            .map(replay -> new ReplayDocument(replay.original(), replay.build(), replay.script()))
                            .orElse(null),
                    request.authors()
                            .map(authors -> new AuthorsDocument(
                                    authors.people(), authors.complete(), new TreeMap<>(authors.changes())))
                            .orElse(null),
                    request.description().message(),
                    presence(request.description().version()),
                    presence(request.description().url()),
                    request.deadline().orElse(null),
                    request.place().equals(PipelinePlace.UNKNOWN) ? null : PlaceDocument.of(request.place()),
                    presence(request.allowOlder()),
                    request.newer().map(ReferenceDocument::of).orElse(null));
        }

        DeploymentRequest toRequest() {
            return new DeploymentRequest(
                    present(environment, "environment"),
                    new RequestOrigin(
                            present(requesters, "requesters"),
                            automated,
                            Objects.requireNonNullElse(unknownRequesters, List.of()),
                            Optional.ofNullable(replay).map(ReplayDocument::toReplay)),
                    Optional.ofNullable(authors).map(AuthorsDocument::toAuthors),
                    new DeploymentDescription(
                            present(message, "message"),
                            Objects.requireNonNullElse(version, ""),
                            Objects.requireNonNullElse(url, "")),
                    Optional.ofNullable(deadline),
                    place == null ? PipelinePlace.UNKNOWN : place.toPlace(),
                    Boolean.TRUE.equals(allowOlder),
                    Optional.ofNullable(newer).map(ReferenceDocument::toReference));
        }
    }

    record ReferenceDocument(String job, int build, long deployment) {

        static ReferenceDocument of(DeploymentReference reference) {
            return new ReferenceDocument(reference.job(), reference.build(), reference.id());
        }

        DeploymentReference toReference() {
            return new DeploymentReference(present(job, "job"), build, deployment);
        }
    }

    record PlaceDocument(
            String node,
            List<EnclosingDocument> enclosing,
            @JsonInclude(JsonInclude.Include.NON_NULL) Boolean body,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Long> within) {

        record EnclosingDocument(PipelinePlace.Kind kind, String name) {}

        static PlaceDocument of(PipelinePlace place) {
            return new PlaceDocument(
                    place.node(),
                    place.enclosing().stream()
                            .map(block -> new EnclosingDocument(block.kind(), block.name()))
                            .toList(),
                    presence(place.body()),
                    place.within());
        }

        PipelinePlace toPlace() {
            return new PipelinePlace(
                    present(node, "node"),
                    present(enclosing, "enclosing").stream()
                            .map(block -> new PipelinePlace.Enclosing(
                                    present(block.kind(), "kind"), present(block.name(), "name")))
                            .toList(),
                    Boolean.TRUE.equals(body),
                    Objects.requireNonNullElse(within, List.of()));
        }
    }

    /** Empty texts are left out of the file. */
    private static String presence(String text) {
        return text.isEmpty() ? null : text;
    }

    /** What does not apply is left out of the file. */
    @SuppressFBWarnings(value = "NP_BOOLEAN_RETURN_NULL", justification = "Jackson leaves null out of the file.")
    private static Boolean presence(boolean value) {
        return value ? Boolean.TRUE : null;
    }

    record AuthorsDocument(
            List<String> people,
            boolean complete,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> changes) {

        Authors toAuthors() {
            return new Authors(present(people, "people"), complete, Objects.requireNonNullElse(changes, Map.of()));
        }
    }

    record ReplayDocument(int original, int build, RequestOrigin.Script script) {

        RequestOrigin.Replay toReplay() {
            return new RequestOrigin.Replay(original, build, present(script, "script"));
        }
    }

    /** Says of a refusal that has neither people nor causes nor a source that automation is not accepted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EndingDocument(
            EndReason reason,
            List<String> withoutAccess,
            List<String> unknownRequesters,
            PolicyDocument.SourceDocument from,
            List<List<PolicyDocument.SourceDocument>> requiredFrom,
            String user,
            String text,
            ReferenceDocument by) {

        static EndingDocument of(Ending ending) {
            DeployRefusal refusal = ending.refusal().orElse(null);
            DeployRefusal.WrongSource wrong = refusal instanceof DeployRefusal.WrongSource it ? it : null;
            return new EndingDocument(
                    ending.reason(),
                    refusal instanceof DeployRefusal.NoAccess noAccess ? noAccess.people() : null,
                    refusal instanceof DeployRefusal.UnknownRequesters unknown ? unknown.causes() : null,
                    wrong == null
                            ? null
                            : new PolicyDocument.SourceDocument(
                                    wrong.source().kind(), wrong.source().name()),
                    wrong == null ? null : PolicyDocument.SourceDocument.of(wrong.required()),
                    presence(ending.user()),
                    presence(ending.text()),
                    ending.by().map(ReferenceDocument::of).orElse(null));
        }

        Ending toEnding() {
            return new Ending(
                    present(reason, "reason"),
                    reason == EndReason.DEPLOYMENT_FORBIDDEN ? Optional.of(toRefusal()) : Optional.empty(),
                    Objects.requireNonNullElse(user, ""),
                    Objects.requireNonNullElse(text, ""),
                    Optional.ofNullable(by).map(ReferenceDocument::toReference));
        }

        private DeployRefusal toRefusal() {
            if (withoutAccess != null) {
                return new DeployRefusal.NoAccess(withoutAccess);
            } else if (from != null) {
                return new DeployRefusal.WrongSource(
                        from.toSource(),
                        PolicyDocument.SourceDocument.toPatterns(present(requiredFrom, "required_from")));
            }
            return unknownRequesters == null
                    ? new DeployRefusal.Automated()
                    : new DeployRefusal.UnknownRequesters(unknownRequesters);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TimesDocument(
            Instant createdAt,
            Instant updatedAt,
            Instant deadline,
            Instant queuedAt,
            Instant decidedAt,
            Instant finishedAt) {

        static TimesDocument of(DeploymentTimes times) {
            return new TimesDocument(
                    times.createdAt(),
                    times.updatedAt(),
                    times.deadline().orElse(null),
                    times.queuedAt().orElse(null),
                    times.decidedAt().orElse(null),
                    times.finishedAt().orElse(null));
        }

        DeploymentTimes toTimes() {
            return new DeploymentTimes(
                    present(createdAt, "created_at"),
                    present(updatedAt, "updated_at"),
                    Optional.ofNullable(deadline),
                    Optional.ofNullable(queuedAt),
                    Optional.ofNullable(decidedAt),
                    Optional.ofNullable(finishedAt));
        }
    }

    static DeploymentDocument of(Deployment deployment) {
        return new DeploymentDocument(
                FORMAT,
                deployment.id(),
                deployment.iid(),
                RequestDocument.of(deployment.request()),
                deployment.anchored(),
                deployment.status(),
                deployment.ending().map(EndingDocument::of).orElse(null),
                PolicyDocument.of(deployment.policy()),
                HistoryDocument.of(deployment.history()),
                TimesDocument.of(deployment.times()));
    }

    /** @throws IllegalArgumentException if something is missing or contradicts itself */
    Deployment toDeployment() {
        return new Deployment(
                id,
                iid,
                present(request, "request").toRequest(),
                anchored,
                present(status, "status"),
                Optional.ofNullable(ending).map(EndingDocument::toEnding),
                present(policy, "policy").toPolicy(),
                present(history, "history").toHistory(),
                present(times, "times").toTimes());
    }

    String toJson() throws JsonProcessingException {
        return MAPPER.writeValueAsString(this);
    }

    static DeploymentDocument fromJson(String json) throws JsonProcessingException {
        JsonNode tree = MAPPER.readTree(json);
        int format = tree.path("format").asInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("format " + format + ", where this version knows " + FORMAT);
        }
        return MAPPER.treeToValue(tree, DeploymentDocument.class);
    }
}
