package io.jenkins.plugins.deploymentgate.browser;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Core's symbols lie among the classes of its war, which the test harness leaves out, so that every page would show a
 * cross in their place. They are put beside the classes of the tests.
 */
final class Symbols {

    private static final String PLACE = "images/symbols";

    private Symbols() {}

    static void provide(JenkinsRule j) throws IOException, URISyntaxException {
        Path from = Path.of(j.jenkins.getServletContext().getRealPath("/WEB-INF/classes/" + PLACE));
        Path to = Files.createDirectories(Path.of(Symbols.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(PLACE));
        List<Path> symbols;
        try (Stream<Path> files = Files.list(from)) {
            symbols = files.toList();
        }
        for (Path symbol : symbols) {
            Path copy = to.resolve(symbol.getFileName());
            if (Files.notExists(copy)) {
                Files.copy(symbol, copy);
            }
        }
    }
}
