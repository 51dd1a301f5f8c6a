package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.deploymentgate.core.record.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of which the audit ledger was told last, so that what is new can be told from what is not, also after a
 * crash, and after a file was changed while Jenkins was down.
 *
 * @param retentionMonths how many months the ledger is kept; 0 for ever
 * @param environments the protected environments by scope and name, as text that is the same for the same settings
 */
public record AuditedSettings(int retentionMonths, Map<String, Map<String, String>> environments) {

    /** Before the ledger was told of anything. */
    public static final AuditedSettings NONE = new AuditedSettings(0, Map.of());

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Copies and sorts the environments. */
    public AuditedSettings {
        Map<String, Map<String, String>> copy = new TreeMap<>();
        environments.forEach((scope, names) -> {
            if (!names.isEmpty()) {
                copy.put(scope, Map.copyOf(names));
            }
        });
        environments = copy;
    }

    /**
     * @param scope the full name of a folder or job; empty for the whole Jenkins
     * @return its protected environments by name
     */
    public Map<String, String> in(String scope) {
        return environments.getOrDefault(scope, Map.of());
    }

    /**
     * @param scope the full name of a folder or job; empty for the whole Jenkins
     * @param names all its protected environments
     * @return this with those
     */
    public AuditedSettings with(String scope, Map<String, String> names) {
        Map<String, Map<String, String>> all = new TreeMap<>(environments);
        all.put(scope, names);
        return new AuditedSettings(retentionMonths, all);
    }

    /**
     * @param months how many months the ledger is kept; 0 for ever
     * @return this with that
     */
    public AuditedSettings with(int months) {
        return new AuditedSettings(months, environments);
    }

    /**
     * @param file where they are kept
     * @return them; empty if there is no such file
     * @throws IOException if it cannot be read
     */
    public static Optional<AuditedSettings> read(Path file) throws IOException {
        try {
            return Optional.of(MAPPER.readValue(Files.readString(file), AuditedSettings.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * @param file where to keep them
     * @throws IOException if that is not certain to be on disk; what was there before still is
     */
    public void write(Path file) throws IOException {
        DurableFile.write(file, MAPPER.writeValueAsString(this) + "\n");
    }

    /**
     * @param values the values of a setting: texts, numbers, lists and maps
     * @return them as JSON, the same text for the same values
     */
    public static String describe(Map<String, ?> values) {
        try {
            return MAPPER.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
