package io.jenkins.plugins.deploymentgate.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.util.List;

/** Looks whether a page fits its window. */
final class Layout {

    /** Whatever lies beyond an edge, and texts that their boxes hide; not what scrolls in a box of its own. */
    private static final String MISFITS = """
        () => {
          const found = [];
          const page = document.scrollingElement;
          if (page.scrollWidth > page.clientWidth) {
            found.push('the page scrolls: ' + page.scrollWidth + ' > ' + page.clientWidth);
          }
          const scrolls = element => {
            for (let box = element; box && box !== page; box = box.parentElement) {
              if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) {
                return true;
              }
            }
            return false;
          };
          const name = element => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') || '')
            + ' "' + element.textContent.trim().slice(0, 40) + '"';
          for (const element of document.querySelectorAll('#main-panel *')) {
            const box = element.getBoundingClientRect();
            if (!box.width || !box.height || element.closest('.jenkins-visually-hidden, svg, template, input')
                || !element.checkVisibility({visibilityProperty: true, opacityProperty: true})) {
              continue;
            }
            if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(element.parentElement)) {
              found.push('beyond the edge: ' + name(element) + ' ' + box.left + ' to ' + box.right);
            }
            if (['hidden', 'clip'].includes(getComputedStyle(element).overflowX)
                && element.scrollWidth > element.clientWidth + 1) {
              found.push('cut off: ' + name(element));
            }
          }
          return found.slice(0, 8);
        }
        """;

    private Layout() {}

    static void assertFits(Page page, String when) {
        assertEquals(List.of(), page.evaluate(MISFITS), () -> page.url().replaceFirst("[?].*", "") + " " + when);
    }

    static void assertFitsFromRightToLeft(Page page, String when) {
        page.evaluate("() => document.documentElement.dir = 'rtl'");
        assertFits(page, when + ", from right to left");
        page.evaluate("() => document.documentElement.removeAttribute('dir')");
    }
}
