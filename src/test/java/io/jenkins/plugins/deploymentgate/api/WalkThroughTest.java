package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Result;
import hudson.model.User;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of the walk through in the documentation, as they stand there, in a shell and with curl. */
class WalkThroughTest extends ApiTestCase {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String END = "@end@";

    @TempDir
    private Path home;

    /** A block of the page: of shell or of JSON. */
    private record Block(String language, String text) {}

    private static List<Block> blocks() throws IOException {
        String page = Files.readString(Path.of("docs/rest-api.md"));
        String section = page.substring(page.indexOf("\n## Walkthrough"), page.indexOf("\n## Endpoints"));
        Matcher matcher = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL).matcher(section);
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Test
    void everyLineWorksAsItStandsAndAnswersWhatIsShown() throws Exception {
        assumeTrue(isThere("bash") && isThere("curl"), "there is no bash or no curl here");
        List.of("alice", "bob").forEach(user -> User.getById(user, true));
        WorkflowJob shop = pipelineIn(folder(null, "team"), "shop", "deploymentGate 'production'");
        Files.writeString(home.resolve(".curlrc"), "silent\nshow-error\nwrite-out = \"\\n%{http_code}\\n\"\n");
        ProcessBuilder builder = new ProcessBuilder("bash").redirectErrorStream(true);
        builder.environment().put("CURL_HOME", home.toString());
        Process shell = builder.start();
        try (Writer in = shell.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = shell.inputReader(StandardCharsets.UTF_8)) {
            List<Block> blocks = blocks();
            assign(in, blocks.get(0).text());
            WorkflowRun build = null;
            for (int i = 1; i < blocks.size(); i++) {
                if (!blocks.get(i).language().equals("sh")) {
                    continue;
                }
                String lines = blocks.get(i).text();
                if (build == null && lines.contains("/deployments?")) {
                    build = blocked(j, shop, "alice");
                }
                List<String> answer = run(in, out, lines);
                boolean shown =
                        i + 1 < blocks.size() && blocks.get(i + 1).language().equals("json");
                check(lines, answer, shown ? MAPPER.readTree(blocks.get(i + 1).text()) : null);
                if (lines.contains("/approval")) {
                    ended(j, Result.SUCCESS, build);
                }
            }
            assertTrue(build != null && !build.isBuilding());
        } finally {
            shell.destroy();
        }
    }

    /** The first block says nothing but where the API is and who asks; here these are others. */
    private void assign(Writer in, String lines) throws Exception {
        Map<String, String> values = Map.of(
                "api", j.getURL() + "deployment-gate/api/v4",
                "root", "PRIVATE-TOKEN: root:" + token("root"),
                "bob", "PRIVATE-TOKEN: bob:" + token("bob"));
        for (String line : lines.split("\n")) {
            String name = line.split("=")[0];
            assertTrue(values.containsKey(name), line);
            in.write(name + "='" + values.get(name) + "'\n");
        }
    }

    private static List<String> run(Writer in, BufferedReader out, String lines) throws IOException {
        in.write(lines + "echo " + END + "\n");
        in.flush();
        List<String> answer = new ArrayList<>();
        for (String line = out.readLine(); !END.equals(line); line = out.readLine()) {
            assertTrue(line != null, () -> "the shell has ended in " + lines);
            if (!line.isEmpty()) {
                answer.add(line);
            }
        }
        return answer;
    }

    private static void check(String lines, List<String> answer, JsonNode shown) throws IOException {
        String said = lines + String.join("\n", answer);
        String verb = lines.contains("-X POST") ? "201" : lines.contains("-X DELETE") ? "204" : "200";
        assertEquals(verb, answer.get(answer.size() - 1), said);
        if (shown == null) {
            assertEquals(1, answer.size(), said);
        } else {
            assertNull(difference("", shown, MAPPER.readTree(answer.get(0))), said);
        }
    }

    /** What is shown and not there, in words; null if there is nothing. Long numbers are others each time. */
    private static String difference(String path, JsonNode shown, JsonNode real) {
        if (shown.isArray() && shown.size() != real.size()) {
            return path + " has " + real.size() + " elements";
        } else if (shown.isContainerNode()) {
            String found = null;
            for (int i = 0; found == null && i < shown.size() && shown.isArray(); i++) {
                found = difference(path + "/" + i, shown.get(i), real.path(i));
            }
            for (Map.Entry<String, JsonNode> field : shown.properties()) {
                found = found != null
                        ? found
                        : difference(path + "/" + field.getKey(), field.getValue(), real.path(field.getKey()));
            }
            return found;
        }
        boolean isLong = shown.isNumber() && shown.asLong() > Integer.MAX_VALUE;
        boolean same = isLong ? real.isIntegralNumber() : shown.equals(real);
        return same ? null : path + " is " + real + " and not " + shown;
    }
}
