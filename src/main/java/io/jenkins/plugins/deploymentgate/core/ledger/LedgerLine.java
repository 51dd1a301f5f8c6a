package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Kind;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Means;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Origin;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent.Subject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the audit ledger: an entry as a JSON object whose last field is the keyed hash of all bytes before that field.
 * Since the hash covers bytes and not values, no byte of the line can change without it. Fields that do not apply are left out.
 *
 * @param json the parsed line
 * @param previous the entry that this one claims to follow
 * @param head this entry
 * @param intact whether the hash is correct
 */
record LedgerLine(JsonNode json, Chain.Head previous, Chain.Head head, boolean intact) {

    private static final String HEX = "[0-9a-f]{" + Chain.LENGTH + "}";
    private static final Pattern PREV = Pattern.compile(HEX);
    private static final Pattern HASH_FIELD = Pattern.compile(",\"hash\":\"(" + HEX + ")\"}");
    private static final int HASH_FIELD_LENGTH = ",\"hash\":\"\"}".length() + Chain.LENGTH;

    /** The longest text of an entry, in UTF-16 units. Whatever can be longer is limited where it is entered. */
    private static final int MAX_TEXT = 65_536;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Writes the line after another one, with its line break, and returns its place in the chain. */
    static Chain.Head write(
            ByteArrayOutputStream out, LedgerEvent event, Instant recordedAt, Chain.Head previous, Chain chain)
            throws JsonProcessingException {
        LedgerEntry entry = new LedgerEntry(previous.seq() + 1, recordedAt, event);
        String json = MAPPER.writeValueAsString(toJson(entry).put("prev", previous.hash()));
        byte[] hashed = json.substring(0, json.length() - 1).getBytes(StandardCharsets.UTF_8);
        String hash = chain.hash(hashed, hashed.length);
        out.writeBytes(hashed);
        out.writeBytes((",\"hash\":\"" + hash + "\"}\n").getBytes(StandardCharsets.UTF_8));
        return new Chain.Head(entry.seq(), hash);
    }

    private static ObjectNode toJson(LedgerEntry entry) {
        LedgerEvent event = entry.event();
        ObjectNode json = MAPPER.createObjectNode()
                .put("seq", entry.seq())
                .put("recorded_at", entry.recordedAt().toString())
                .put("event", event.kind().toString())
                .put("event_id", event.id())
                .put("at", event.at().toString());
        put(json, "user", event.user());
        json.put("means", event.origin().means().toString());
        put(json, "address", event.origin().address());
        put(json, "environment", event.subject().environment());
        put(json, "item", event.subject().item());
        put(json, "build", event.subject().build());
        put(json, "deployment_id", event.subject().deployment());
        put(json, "comment", event.comment());
        event.details().forEach((name, value) -> json.withObject("/details").put(name, limited(value)));
        return json;
    }

    private static void put(ObjectNode json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, limited(text));
        }
    }

    private static void put(ObjectNode json, String name, long number) {
        if (number > 0) {
            json.put(name, number);
        }
    }

    private static String limited(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    /** @return the content of a line, intact or not; empty if it has not the form of an entry */
    static Optional<LedgerLine> parse(byte[] line, Chain chain) {
        int hashed = Math.max(0, line.length - HASH_FIELD_LENGTH);
        Matcher hash = HASH_FIELD.matcher(new String(line, hashed, line.length - hashed, StandardCharsets.ISO_8859_1));
        if (!hash.matches()) {
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = MAPPER.readTree(new String(line, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        long seq = json.path("seq").isIntegralNumber() ? json.path("seq").asLong() : 0;
        String prev = json.path("prev").asText();
        if (seq < 1 || !PREV.matcher(prev).matches()) {
            return Optional.empty();
        }
        return Optional.of(new LedgerLine(
                json,
                new Chain.Head(seq - 1, prev),
                new Chain.Head(seq, hash.group(1)),
                chain.hash(line, hashed).equals(hash.group(1))));
    }

    /** @return any line, for a reader */
    static Ledger.Row row(byte[] bytes, Chain chain) {
        Optional<LedgerLine> line = parse(bytes, chain);
        return new Ledger.Row(
                new String(bytes, StandardCharsets.UTF_8),
                line.flatMap(LedgerLine::entry),
                line.filter(LedgerLine::intact).isPresent());
    }

    /** @return the entry; empty if a later version of this plugin wrote values that this one does not know */
    private Optional<LedgerEntry> entry() {
        Map<String, String> details = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> detail : json.path("details").properties()) {
            details.put(detail.getKey(), detail.getValue().asText());
        }
        int build = json.path("build").asInt();
        long deployment = json.path("deployment_id").asLong();
        Subject subject = new Subject(text("environment"), text("item"), build, deployment);
        try {
            Kind kind = Kind.of(text("event")).orElseThrow();
            Origin origin = new Origin(Means.of(text("means")).orElseThrow(), text("address"));
            Instant at = Instant.parse(text("at"));
            LedgerEvent event = new LedgerEvent(
                    text("event_id"), kind, at, text("user"), origin, subject, text("comment"), details);
            return Optional.of(new LedgerEntry(head.seq(), Instant.parse(text("recorded_at")), event));
        } catch (NoSuchElementException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private String text(String name) {
        return json.path(name).asText();
    }
}
