package io.jenkins.plugins.deploymentgate.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.OpenApiDocument.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Sends requests, compares their answers with the document, and remembers what of the document it has seen. */
final class OpenApiRecord {

    /** Headers that every server sends, or every Jenkins. */
    private static final Set<String> USUAL = Set.of(
            "cache-control",
            "content-length",
            "content-type",
            "date",
            "server",
            "vary",
            "connection",
            "content-security-policy",
            "reporting-endpoints",
            "x-content-type-options");

    private final OpenApiDocument document;

    /** What an answer had that the document does not say. */
    final List<String> wrong = new ArrayList<>();

    /** Operations with a status, headers, parameters and fields by their names. */
    final Set<String> seen = new TreeSet<>();

    /** Fields that were null at least once. */
    final Set<String> seenNull = new TreeSet<>();

    /** Statuses for which there is nothing but the answer for all others. */
    final Set<Integer> others = new TreeSet<>();

    OpenApiRecord(OpenApiDocument document) {
        this.document = document;
    }

    /** Sends a request to an address that the document has, with a verb that it has there. */
    Answer send(Caller caller, String verb, String path, String type, String body) throws Exception {
        Answer answer = caller.call(verb, path, type, body);
        String[] parts = path.split("\\?", 2);
        Operation operation = document.operation(verb, parts[0])
                .orElseThrow(() -> new AssertionError("not in the document: " + verb + " " + path));
        compare(operation, answer);
        if (answer.status() < 300) {
            parameters(operation, parts.length == 1 ? "" : parts[1]);
            sent(operation, type, body);
        }
        return answer;
    }

    /** Compares an answer to something that is not in the document with that which stands for all others. */
    void compare(Operation operation, Answer answer) {
        String what = operation + " " + answer.status();
        JsonNode response = document.response(operation, answer.status());
        if (operation.node().path("responses").has("" + answer.status())) {
            seen.add(what);
        } else {
            others.add(answer.status());
        }
        headers(what, response.path("headers"), answer);
        JsonNode schema = document.schema(response, "application/json");
        if (schema.isMissingNode()) {
            complain(what, answer.text().isEmpty(), "has a body: " + answer.text());
            return;
        }
        List<String> problems = document.problems(schema, answer.json());
        complain(what, problems.isEmpty(), problems + " in " + answer.text());
        walk("", schema, answer.json());
    }

    private void headers(String what, JsonNode documented, Answer answer) {
        Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        documented.properties().forEach(header -> {
            named.add(header.getKey());
            boolean required =
                    document.resolve(header.getValue()).path("required").asBoolean();
            boolean there = answer.header(header.getKey()) != null;
            complain(what, there || !required, "has no header " + header.getKey());
            if (there) {
                seen.add("header " + header.getKey());
            }
        });
        answer.response().headers().map().keySet().stream()
                .filter(header -> !header.startsWith(":") && !USUAL.contains(header.toLowerCase()))
                .forEach(header -> complain(what, named.contains(header), "has the header " + header));
    }

    private void parameters(Operation operation, String query) {
        List<String> names = document.parameters(operation, "query").stream()
                .map(one -> one.path("name").asText())
                .toList();
        for (String pair : query.split("&")) {
            String name = pair.split("=")[0];
            complain(operation.toString(), name.isEmpty() || names.contains(name), "has no parameter " + name);
            seen.add(operation + " ?" + name);
        }
    }

    private void sent(Operation operation, String type, String body) throws Exception {
        JsonNode request = document.resolve(operation.node().path("requestBody"));
        if (body == null || request.isMissingNode()) {
            return;
        }
        seen.add(operation + " " + type);
        JsonNode schema = document.schema(request, type);
        complain(operation.toString(), !schema.isMissingNode(), "has no request of type " + type);
        if (type.equals(Caller.JSON)) {
            JsonNode value = new ObjectMapper().readTree(body);
            List<String> problems = document.problems(schema, value);
            complain(operation.toString(), problems.isEmpty(), "accepts " + problems);
            walk("", schema, value);
        } else {
            JsonNode fields = document.resolve(schema).path("properties");
            for (String pair : body.split("&")) {
                String field = pair.split("=")[0];
                complain(operation.toString(), fields.has(field), "accepts " + field);
                seen.add(name("", schema) + "." + field);
            }
        }
    }

    private void complain(String what, boolean good, String otherwise) {
        if (!good) {
            wrong.add(what + " " + otherwise);
        }
    }

    private void walk(String name, JsonNode schema, JsonNode value) {
        String here = name(name, schema);
        JsonNode plain = document.resolve(schema);
        for (JsonNode one : plain.path("oneOf")) {
            if (!value.isNull() && !document.isAlwaysNull(one)) {
                walk(name, one, value);
            }
        }
        for (JsonNode element : value.isArray() ? value : new ObjectMapper().createArrayNode()) {
            walk(here, plain.path("items"), element);
        }
        plain.path("properties").properties().forEach(field -> {
            String path = here + "." + field.getKey();
            JsonNode inside = value.path(field.getKey());
            if (inside.isNull()) {
                seenNull.add(path);
            } else if (!inside.isMissingNode()) {
                seen.add(path);
                walk(path, field.getValue(), inside);
            }
        });
    }

    private static String name(String outside, JsonNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.isEmpty() ? outside : reference.substring(reference.lastIndexOf('/') + 1);
    }
}
