package io.jenkins.plugins.deploymentgate.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;

/**
 * How Jenkins is painted. Core has a light theme only; others are plugins that set the variables of its design library.
 * The dark one here does so too, for the variables that matter to us, as soon as the reader prefers dark.
 */
enum Theme {
    LIGHT(ColorScheme.LIGHT),
    DARK(ColorScheme.DARK);

    private static final String STYLE = """
        *, *::before, *::after {
          transition: none !important;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            color-scheme: dark;
            --background: #16161d;
            --white: #f5f5ff;
            --text-color: #f5f5ff;
            --text-color-secondary: #a3a3b8;
            --tabs-item-background--selected: #34343f;
            --accent-color: #6f9bff;
            --card-background: #20202b;
            --card-border-color: #34343f;
            --table-background: #20202b;
            --panel-border-color: #34343f;
            --input-color: #1c1c26;
            --input-border: #55556a;
            --input-border-hover: #77778c;
            --button-background: #2a2a36;
            --button-background--hover: #343442;
            --button-background--active: #3e3e4e;
            --red: #ff6b6b;
            --green: #4fd18b;
            --orange: #ffb454;
            --yellow: #ffe066;
          }
        }
        """;

    private final ColorScheme scheme;

    Theme(ColorScheme scheme) {
        this.scheme = scheme;
    }

    void paint(Page page) {
        page.addStyleTag(new Page.AddStyleTagOptions().setContent(STYLE));
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    }
}
