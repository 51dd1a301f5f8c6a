package io.jenkins.plugins.deploymentgate.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The formats in which the audit ledger can be exported. */
@Restricted(NoExternalUse.class)
public enum LedgerExport {
    /** The lines as they are in the files. */
    JSONL,
    /** A table as RFC 4180 describes it, with all values in quotes. */
    CSV;

    private static final List<String> COLUMNS =
            List.of(("seq recorded_at event at user means address environment item build"
                            + " deployment_id comment details event_id intact")
                    .split(" "));

    /** A spreadsheet takes a text that begins with one of these for a formula, except the apostrophe, which is our mark. */
    private static final String RISKY = "=+-@\t\r\n'";

    private static final JsonMapper MAPPER = new JsonMapper();

    /** @return the format with that name in lower case, which is also the suffix of its files */
    public static Optional<LedgerExport> of(String suffix) {
        return Stream.of(values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(suffix))
                .findFirst();
    }

    /** @return the media type, without parameters */
    public String contentType() {
        return this == CSV ? "text/csv" : "application/jsonl";
    }

    String head() {
        return this == CSV ? csv(COLUMNS.stream()) : "";
    }

    String line(Ledger.Row row) {
        if (this == JSONL) {
            return row.line() + "\n";
        }
        JsonNode json = parse(row.line());
        return csv(COLUMNS.stream().map(column -> switch (column) {
            case "intact" -> String.valueOf(row.intact());
            // A line that is not JSON is put here as a whole.
            case "details" -> json.isObject() ? json.path("details").toString() : row.line();
            default -> json.path(column).asText();
        }));
    }

    private static JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String csv(Stream<String> values) {
        return values.map(LedgerExport::quoted).collect(Collectors.joining(",", "", "\r\n"));
    }

    /** Marks what a spreadsheet would take for a formula with an apostrophe. */
    private static String quoted(String value) {
        boolean risky = !value.isEmpty() && RISKY.indexOf(value.charAt(0)) >= 0;
        return "\"" + (risky ? "'" : "") + value.replace("\"", "\"\"") + "\"";
    }
}
