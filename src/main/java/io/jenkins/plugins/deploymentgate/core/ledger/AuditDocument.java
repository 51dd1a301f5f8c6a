package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The form of an entry of the audit ledger in its line, without the hash at the end. What does not apply is left out.
 *
 * @param prev the hash of the entry before
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
record AuditDocument(
        long seq,
        Instant recordedAt,
        @JsonProperty("event") AuditKind kind,
        String eventId,
        Instant at,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String user,
        AuditOrigin.Means means,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String address,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String environment,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String item,
        int build,
        long deploymentId,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String comment,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> details,
        String prev) {

    /** The longest text of an entry, in UTF-16 units. Whatever is longer was limited where it came from. */
    private static final int MAX_TEXT = 65_536;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static AuditDocument of(AuditEntry entry, String prev) {
        AuditEvent event = entry.event();
        AuditOrigin origin = entry.note().origin();
        Map<String, String> details = new LinkedHashMap<>();
        event.details().forEach((name, value) -> details.put(name, limited(value)));
        return new AuditDocument(
                entry.seq(),
                entry.recordedAt(),
                event.kind(),
                event.id(),
                event.at(),
                event.user(),
                origin.means(),
                origin.address(),
                event.subject().environment(),
                event.subject().item(),
                event.subject().build(),
                event.subject().deployment(),
                limited(event.comment()),
                details,
                prev);
    }

    private static String limited(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    AuditEntry toEntry() {
        AuditSubject subject = new AuditSubject(text(environment), text(item), build, deploymentId);
        return new AuditEntry(
                seq,
                recordedAt,
                new AuditNote(
                        new AuditEvent(
                                eventId,
                                kind,
                                at,
                                text(user),
                                subject,
                                text(comment),
                                details == null ? Map.of() : details),
                        new AuditOrigin(means, text(address))));
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    String toJson() throws JsonProcessingException {
        return MAPPER.writeValueAsString(this);
    }

    static JsonNode parse(byte[] json) throws JsonProcessingException {
        return MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
    }

    static AuditDocument of(JsonNode tree) throws JsonProcessingException {
        return MAPPER.treeToValue(tree, AuditDocument.class);
    }
}
