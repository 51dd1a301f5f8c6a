package io.jenkins.plugins.deploymentgate.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The audit ledger in the home of a controller, read without a line of the code that writes it. */
final class LedgerFiles {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Something that happened to a deployment.
     *
     * @param user who did it; empty for nobody
     * @param event what, in the words of the ledger
     */
    record Act(long deployment, String user, String event) {}

    private LedgerFiles() {}

    /** @return all that whole lines tell of, in order */
    static List<Act> acts(Path home) throws IOException {
        List<Act> acts = new ArrayList<>();
        try (Stream<Path> files = Files.list(home.resolve("deployment-gate/audit"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                String[] lines = Files.readString(file).split("\n");
                for (int line = 0; line < lines.length; line++) {
                    read(lines[line], line == lines.length - 1, acts);
                }
            }
        }
        return acts;
    }

    private static void read(String line, boolean last, List<Act> acts) throws IOException {
        try {
            JsonNode entry = MAPPER.readTree(line);
            acts.add(new Act(
                    entry.path("deployment_id").asLong(),
                    entry.path("user").asText(),
                    entry.path("event").asText()));
        } catch (JsonProcessingException e) {
            if (!last) {
                throw e;
            }
            // A kill may have torn it, and then nobody was told of it.
        }
    }
}
