package io.jenkins.plugins.deploymentgate.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.Yaml;

/** The OpenAPI document, whose references are followed. */
final class OpenApiDocument {

    static final Set<String> VERBS = Set.of("get", "post", "put", "delete", "patch", "head", "options", "trace");

    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final JsonNode root;

    OpenApiDocument() throws IOException {
        try (Reader file = Files.newBufferedReader(Path.of("docs/openapi.yaml"))) {
            root = new ObjectMapper().valueToTree(new Yaml().load(file));
        }
    }

    /**
     * What one verb does at one address.
     *
     * @param verb in capitals
     * @param path with its variables
     */
    record Operation(String verb, String path, JsonNode node) {

        @Override
        public String toString() {
            return verb + " " + path;
        }
    }

    JsonNode root() {
        return root;
    }

    /** What a reference stands for; the node itself if it is none. */
    JsonNode resolve(JsonNode node) {
        JsonNode found = node;
        while (found.has("$ref")) {
            String reference = found.path("$ref").asText();
            found = root.at(reference.substring(1));
            if (found.isMissingNode()) {
                throw new AssertionError(reference + " leads nowhere");
            }
        }
        return found;
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(entry -> VERBS.contains(entry.getKey()))
                        .forEach(entry -> operations.add(
                                new Operation(entry.getKey().toUpperCase(), path.getKey(), entry.getValue()))));
        return operations;
    }

    Optional<Operation> operation(String verb, String path) {
        String[] pieces = path.split("/", -1);
        return operations().stream()
                .filter(one -> one.verb().equals(verb) && fits(one.path().split("/", -1), pieces))
                .findFirst();
    }

    private static boolean fits(String[] template, String[] pieces) {
        boolean fits = template.length == pieces.length;
        for (int i = 0; fits && i < pieces.length; i++) {
            fits = template[i].startsWith("{") || template[i].equals(pieces[i]);
        }
        return fits;
    }

    /** Those of the operation and those of its address. */
    List<JsonNode> parameters(Operation operation, String in) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.node().path("parameters").forEach(one -> parameters.add(resolve(one)));
        root.path("paths").path(operation.path()).path("parameters").forEach(one -> parameters.add(resolve(one)));
        parameters.removeIf(one -> !one.path("in").asText().equals(in));
        return parameters;
    }

    /** The answer with this status; that which stands for all others if there is none. */
    JsonNode response(Operation operation, int status) {
        JsonNode responses = operation.node().path("responses");
        return resolve(responses.path(responses.has("" + status) ? "" + status : "default"));
    }

    JsonNode schema(JsonNode withContent, String type) {
        return withContent.path("content").path(type).path("schema");
    }

    /** What is wrong with a value, in words. */
    List<String> problems(JsonNode schema, JsonNode value) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", root.path("components"));
        return schemas.getSchema(whole).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    /** What is wrong with a schema, in words. */
    List<String> problemsOfSchema(JsonNode schema) {
        return schemas
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                .validate(schema)
                .stream()
                .map(Error::toString)
                .toList();
    }

    /** Every field of every named schema and of the objects in it: its name with dots, and its schema. */
    void fields(BiConsumer<String, JsonNode> consumer) {
        root.path("components")
                .path("schemas")
                .properties()
                .forEach(schema -> fields(schema.getKey(), schema.getValue(), consumer));
    }

    private void fields(String name, JsonNode schema, BiConsumer<String, JsonNode> consumer) {
        schema.path("properties").properties().forEach(field -> {
            String path = name + "." + field.getKey();
            consumer.accept(path, field.getValue());
            fields(path, field.getValue(), consumer);
        });
    }

    boolean mayBeNull(JsonNode schema) {
        JsonNode plain = resolve(schema);
        List<JsonNode> types = new ArrayList<>(List.of(plain.path("type")));
        plain.path("type").forEach(types::add);
        plain.path("oneOf").forEach(one -> types.add(one.path("type")));
        return types.stream().anyMatch(type -> type.asText().equals("null"));
    }

    boolean isAlwaysNull(JsonNode schema) {
        return schema.path("type").asText().equals("null");
    }
}
