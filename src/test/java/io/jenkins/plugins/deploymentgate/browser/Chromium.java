package io.jenkins.plugins.deploymentgate.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The Chromium of this machine, driven by Playwright, which downloads none of its own. */
public final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        // Containers seldom allow Chromium's own sandbox; the pages are ours.
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb")));
    }

    static Chromium start() {
        return new Chromium(find().orElseThrow());
    }

    /** Says in one line why the suite is skipped, if it is; JUnit asks. */
    public static boolean isThere() {
        boolean there = find().isPresent();
        if (!there) {
            System.out.println("THE TESTS IN A BROWSER ARE SKIPPED: there is no Chromium on the PATH.");
        }
        return there;
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
