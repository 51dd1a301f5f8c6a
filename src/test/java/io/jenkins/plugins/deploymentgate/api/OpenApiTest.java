package io.jenkins.plugins.deploymentgate.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import hudson.ExtensionList;
import io.jenkins.plugins.deploymentgate.api.OpenApiDocument.Operation;
import io.jenkins.plugins.deploymentgate.api.endpoint.ApprovalEndpoint;
import io.jenkins.plugins.deploymentgate.api.endpoint.ProtectedEnvironmentChange;
import io.jenkins.plugins.deploymentgate.api.http.Api;
import io.jenkins.plugins.deploymentgate.api.json.ApproverJson;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The OpenAPI document says what the API does, all of it and no more: everything that it names was seen in answers, and
 * answers have nothing that it does not name.
 */
class OpenApiTest extends ApiTestCase {

    /** Every policy has one. Only a record that somebody has made otherwise may lack it. */
    private static final String SELDOM_NULL = "Deployment.deadline";

    private static OpenApiDocument document;
    private static OpenApiRecord record;

    @BeforeAll
    static void askForEverything() throws Exception {
        document = new OpenApiDocument();
        record = new OpenApiRecord(document);
        new OpenApiScenario(j, document, record).run();
    }

    private static void assertNothing(String what, Stream<String> found) {
        Set<String> all = found.collect(Collectors.toCollection(TreeSet::new));
        assertEquals("", String.join("\n", all), what);
    }

    private static void assertSeen(String what, Stream<String> named) {
        assertNothing(what, named.filter(name -> !record.seen.contains(name)));
    }

    @Test
    void theDocumentHasExactlyTheAddressesAndVerbsOfTheRouter() {
        Set<String> documented =
                document.operations().stream().map(Operation::toString).collect(Collectors.toCollection(TreeSet::new));
        Set<String> real =
                new TreeSet<>(ExtensionList.lookupSingleton(Api.class).routes());
        assertEquals(String.join("\n", real), String.join("\n", documented));
    }

    @Test
    void noAnswerHasWhatTheDocumentDoesNotName() {
        assertNothing("not as the document says", record.wrong.stream());
    }

    @Test
    void everyStatusThatIsNamedWasSeen() {
        assertSeen(
                "statuses that no answer had",
                document.operations().stream()
                        .flatMap(operation -> operation.node().path("responses").properties().stream()
                                .map(Map.Entry::getKey)
                                .filter(status -> !status.equals("default"))
                                .map(status -> operation + " " + status)));
        assertEquals(Set.of(405, 500, 503), record.others, "what stands for all others");
    }

    @Test
    void everyFieldThatIsNamedWasSeen() {
        List<String> missing = new ArrayList<>();
        document.fields((name, schema) -> {
            if (!document.isAlwaysNull(schema) && !record.seen.contains(name)) {
                missing.add(name);
            }
            if (document.mayBeNull(schema) && !name.equals(SELDOM_NULL) && !record.seenNull.contains(name)) {
                missing.add(name + " as null");
            }
        });
        assertNothing("fields that nobody has sent or got", missing.stream());
    }

    @Test
    void everyParameterHeaderAndTypeOfRequestThatIsNamedWasSeen() {
        assertSeen(
                "parameters",
                document.operations().stream()
                        .flatMap(operation -> document.parameters(operation, "query").stream()
                                .map(one -> operation + " ?" + one.path("name").asText())));
        assertSeen(
                "headers",
                document.root().findValues("headers").stream()
                        .flatMap(headers -> headers.properties().stream())
                        .map(header -> "header " + header.getKey()));
        assertSeen(
                "types of requests",
                document.operations().stream()
                        .flatMap(operation ->
                                document
                                        .resolve(operation.node().path("requestBody"))
                                        .path("content")
                                        .properties()
                                        .stream()
                                        .map(type -> operation + " " + type.getKey())));
    }

    @Test
    void requestsHaveTheFieldsThatTheCodeReads() {
        Map<String, Class<?>> records = Map.of(
                "Vote", ApprovalEndpoint.Vote.class,
                "NewProtectedEnvironment", ProtectedEnvironmentChange.class,
                "ProtectedEnvironmentChange", ProtectedEnvironmentChange.class,
                "DeployAccessLevelChange", ProtectedEnvironmentChange.Level.class,
                "ApprovalRuleChange", ProtectedEnvironmentChange.Rule.class,
                "ApproverChange", ApproverJson.Plain.class);
        records.forEach((name, type) -> assertEquals(read(type), properties(name), name));
        Set<String> scalars = Stream.of(ProtectedEnvironmentChange.class.getRecordComponents())
                .filter(component -> component.getType() != List.class)
                .map(OpenApiTest::snake)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(scalars, properties("ProtectedEnvironmentForm"), "what a form can say");
    }

    private Set<String> documentedReasons(String property) {
        Set<String> documented = new TreeSet<>();
        document.root()
                .at("/components/schemas/Deployment/properties/" + property + "/enum")
                .forEach(reason -> documented.add(reason.asText()));
        return documented;
    }

    private static Set<String> reasons(Predicate<EndReason> wanted) {
        Set<String> words = Stream.of(EndReason.values())
                .filter(wanted)
                .map(EndReason::word)
                .collect(Collectors.toCollection(TreeSet::new));
        words.add("null");
        return words;
    }

    @Test
    void theReasonsAreThoseOfTheCode() {
        assertEquals(reasons(reason -> true), documentedReasons("reason"));
        assertEquals(reasons(reason -> reason.status() == Status.FAILED), documentedReasons("failure_reason"));
    }

    private static Set<String> read(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(OpenApiTest::snake)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String snake(RecordComponent component) {
        JsonProperty own = component.getAccessor().getAnnotation(JsonProperty.class);
        return own != null ? own.value() : SnakeCaseStrategy.INSTANCE.translate(component.getName());
    }

    private static Set<String> properties(String schema) {
        Set<String> names = new TreeSet<>();
        document.root()
                .at("/components/schemas/" + schema + "/properties")
                .fieldNames()
                .forEachRemaining(names::add);
        return names;
    }

    @Test
    void theDocumentIsInItselfInOrder() {
        Set<String> references = new HashSet<>();
        document.root().findValues("$ref").forEach(one -> references.add(one.asText()));
        document.root().findParents("$ref").forEach(document::resolve);
        document.root().path("components").properties().forEach(kind -> {
            if (!kind.getKey().equals("securitySchemes")) {
                assertNothing(
                        "components that nothing refers to",
                        kind.getValue().properties().stream()
                                .map(one -> "#/components/" + kind.getKey() + "/" + one.getKey())
                                .filter(one -> !references.contains(one)));
            }
        });
        assertEquals("3.1.1", document.root().path("openapi").asText());
        List<String> ids = document.root().findValuesAsText("operationId");
        assertEquals(document.operations().size(), new HashSet<>(ids).size(), "ids of operations are unique");
        for (Operation operation : document.operations()) {
            Set<String> variables = document.parameters(operation, "path").stream()
                    .map(one -> "{" + one.path("name").asText() + "}")
                    .collect(Collectors.toSet());
            Set<String> pieces = Stream.of(operation.path().split("/"))
                    .filter(piece -> piece.startsWith("{"))
                    .collect(Collectors.toSet());
            assertEquals(pieces, variables, operation.toString());
            assertTrue(operation.node().path("responses").has("default"), operation.toString());
        }
    }

    @Test
    void schemasAreValidAndAnswersCloseTheirObjects() {
        JsonNode schemas = document.root().at("/components/schemas");
        Set<String> sent = Set.of("Vote", "NewProtectedEnvironment", "ProtectedEnvironmentForm");
        schemas.properties().forEach(schema -> {
            String name = schema.getKey();
            JsonNode node = schema.getValue();
            assertEquals(List.of(), document.problemsOfSchema(node), name);
            if (node.has("properties") && !name.endsWith("Change") && !sent.contains(name)) {
                assertEquals("false", node.path("additionalProperties").asText(), name);
                if (!name.equals("Failure")) {
                    Set<String> required = new TreeSet<>();
                    node.path("required").forEach(one -> required.add(one.asText()));
                    assertEquals(properties(name), required, name + " has all of its fields always");
                }
            }
        });
    }
}
