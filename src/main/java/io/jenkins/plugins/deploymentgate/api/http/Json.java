package io.jenkins.plugins.deploymentgate.api.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * JSON as GitLab writes it: snake case, explicit nulls, times in UTC with milliseconds. On reading, types must match
 * and unknown fields are ignored.
 */
@Restricted(NoExternalUse.class)
public final class Json {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .addModule(new SimpleModule().addSerializer(new InstantWriter()))
            .build();

    /** For forms, in which all values are text. */
    private static final ObjectMapper LENIENT = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    private static final class InstantWriter extends StdSerializer<Instant> {

        private static final long serialVersionUID = 1;

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(TIME.format(value));
        }
    }

    /**
     * @param value records, maps, lists and simple values
     * @return their JSON in UTF-8; an unpaired surrogate, which a name of another plugin can have, becomes a question
     *     mark
     */
    public static byte[] write(Object value) throws IOException {
        return STRICT.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    }

    /** @return an empty JSON object */
    static ObjectNode empty() {
        return STRICT.createObjectNode();
    }

    /**
     * @param body the request body
     * @return the object in it
     * @throws ApiException 400 with the position of the error
     */
    static ObjectNode object(byte[] body) {
        try {
            JsonNode tree = STRICT.readTree(body);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw ApiException.badRequest(Messages.Json_NotAnObject());
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw ApiException.badRequest(
                    at == null
                            ? Messages.Json_NotAnObject()
                            : Messages.Json_Malformed(at.getLineNr(), at.getColumnNr()));
        } catch (IOException e) {
            throw ApiException.badRequest(Messages.Json_NotAnObject());
        }
    }

    /**
     * @param object the request body
     * @param shape a record with the fields that are expected
     * @param form whether all values are text
     * @return the fields; missing ones are null
     * @throws ApiException 400 with the field that has the wrong type
     */
    static <T> T read(ObjectNode object, Class<T> shape, boolean form) {
        try {
            return (form ? LENIENT : STRICT).treeToValue(object, shape);
        } catch (JsonMappingException e) {
            throw ApiException.badRequest(Messages.Json_Invalid(path(e)));
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(Messages.Json_NotAnObject());
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
