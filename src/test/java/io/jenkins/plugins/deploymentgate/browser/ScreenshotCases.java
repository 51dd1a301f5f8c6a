package io.jenkins.plugins.deploymentgate.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Takes pictures of the pages, for those who change them. The documentation shows some of them, in light; these are
 * written where the property <code>screenshots.update</code> says.
 */
abstract class ScreenshotCases extends BrowserCases {

    private static final Path TARGET = Path.of("target", "screenshots");
    private static final List<String> SHOWN = List.of(
            "approval-page", "waiting-for-me", "environments", "history", "policy", "protected-in-a-folder", "audit");
    private static final int WIDTH = 1280;
    private static final int LEAST_HEIGHT = 640;
    private static final int MOST_HEIGHT = 1300;
    private static final int MOST_BYTES = 200_000;

    @Test
    void everyPageHasItsPictureTaken() throws Exception {
        String update = System.getProperty("screenshots.update");
        for (Gallery.Exhibit exhibit : gallery().exhibits()) {
            Visitor visitor =
                    visitor(exhibit.user(), new Browser.NewContextOptions().setViewportSize(WIDTH, LEAST_HEIGHT));
            Page page = visitor.at(exhibit.address());
            if (exhibit.name().equals("override")) {
                visitor.open("Override the policy…");
            }
            fit(page);
            for (Theme theme : Theme.values()) {
                theme.paint(page);
                String file = exhibit.name() + ".png";
                Path picture =
                        TARGET.resolve(theme.name().toLowerCase(Locale.ROOT)).resolve(file);
                byte[] png = page.screenshot(new Page.ScreenshotOptions().setPath(picture));
                if (theme == Theme.LIGHT && SHOWN.contains(exhibit.name())) {
                    assertTrue(png.length < MOST_BYTES, exhibit + " is too large to be shown: " + png.length);
                    if (update != null) {
                        Files.write(Path.of(update, file), png);
                    }
                }
            }
            visitor.leave();
        }
    }

    /** Makes the window as high as the page, within reason. */
    private static void fit(Page page) {
        int height = ((Number) page.evaluate("document.documentElement.scrollHeight")).intValue();
        page.setViewportSize(WIDTH, Math.min(height, MOST_HEIGHT));
    }
}
