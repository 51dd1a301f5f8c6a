package io.jenkins.plugins.deploymentgate.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What is exported can be read back, whatever people have written. */
@WithJenkins
class AuditExportTest {

    private static final List<String> WORDS = List.of(
            "plain",
            "with, commas; and \"quotes\"",
            "two\nlines\r\nand three",
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(A1)",
            "\ttab",
            "'quoted",
            "ünï ✓ 🚀",
            "{\"json\":true}",
            "");

    @BeforeAll
    static void fillLedger(JenkinsRule rule) throws Exception {
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        LedgerEvent.Subject subject = new LedgerEvent.Subject("prod, \"eu\"", "shop/=deploy", 12, 77);
        List<LedgerEvent> events = new ArrayList<>();
        for (String words : WORDS) {
            events.add(new LedgerEvent(
                    "77/" + events.size(),
                    LedgerEvent.Kind.APPROVED,
                    at,
                    "bob",
                    new LedgerEvent.Origin(LedgerEvent.Means.PAGE, "::1"),
                    subject,
                    words,
                    Map.of("rule", words)));
        }
        AuditLedger.get().append(events);
    }

    /** Reads a table as RFC 4180 describes it. */
    private static List<List<String>> parse(String csv) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                value.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\r')) {
                line.add(value.toString());
                value.setLength(0);
            } else if (!quoted && c == '\n') {
                lines.add(line);
                line = new ArrayList<>();
            } else {
                value.append(c);
            }
        }
        return lines;
    }

    private static String unescaped(String value) {
        return value.startsWith("'") ? value.substring(1) : value;
    }

    @Test
    void aTableGivesBackWhatWasWrittenAndNoFormula() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LedgerService.get().export(LedgerFilter.ALL, LedgerExport.CSV, out);
        List<List<String>> table = parse(out.toString(StandardCharsets.UTF_8));
        List<String> heads = table.get(0);
        assertEquals(WORDS.size() + 1, table.size());
        for (int i = 0; i < WORDS.size(); i++) {
            List<String> line = table.get(i + 1);
            assertEquals(heads.size(), line.size());
            assertEquals(WORDS.get(i), unescaped(line.get(heads.indexOf("comment"))));
            assertEquals("prod, \"eu\"", line.get(heads.indexOf("environment")));
            assertEquals("shop/=deploy", line.get(heads.indexOf("item")));
            assertEquals("true", line.get(heads.indexOf("intact")));
            JsonNode details = new JsonMapper().readTree(line.get(heads.indexOf("details")));
            assertEquals(WORDS.get(i), details.get("rule").asText());
            line.forEach(value -> assertEquals(
                    -1, value.isEmpty() ? -1 : "=+-@\t\r\n".indexOf(value.charAt(0)), "a formula: " + value));
        }
    }

    @Test
    void jsonLinesGiveBackWhatWasWritten() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LedgerService.get()
                .export(
                        new LedgerFilter(
                                "", "", "bob", Optional.of(LedgerEvent.Kind.APPROVED), Optional.of(thisMonth())),
                        LedgerExport.JSONL,
                        out);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(WORDS.size(), lines.size());
        for (int i = 0; i < WORDS.size(); i++) {
            JsonNode line = new JsonMapper().readTree(lines.get(i));
            assertEquals(WORDS.get(i), line.path("comment").asText());
            assertEquals("2026-03-01T12:00:00Z", line.get("at").asText());
            assertEquals(i + 1, line.get("seq").asLong());
            assertEquals(64, line.get("hash").asText().length());
        }
    }

    private static YearMonth thisMonth() {
        return YearMonth.now(ZoneOffset.UTC);
    }
}
