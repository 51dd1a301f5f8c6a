package io.jenkins.plugins.deploymentgate.ui;

import java.util.List;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * One page of a list.
 *
 * @param rows what is on the page
 * @param total how many rows the whole list has
 * @param number which page this is; the first is 1
 * @param complete whether the list is complete; false while the read model is incomplete
 * @param errors error messages about the query
 * @param <T> what is listed
 */
@Restricted(NoExternalUse.class)
public record ListPage<T>(List<T> rows, long total, int number, boolean complete, List<String> errors) {

    /** How many rows are on a page. */
    static final int SIZE = 50;

    /** Copies the lists. */
    public ListPage {
        rows = List.copyOf(rows);
        errors = List.copyOf(errors);
    }

    /** @return a page of a list; the last one if the list has fewer pages */
    static <T> ListPage<T> of(List<T> all, int number, boolean complete) {
        int shown = (int) Math.min(number, pages(all.size()));
        return new ListPage<>(
                all.stream().skip(offset(shown)).limit(SIZE).toList(), all.size(), shown, complete, List.of());
    }

    <R> ListPage<R> map(Function<T, R> change) {
        return new ListPage<>(rows.stream().map(change).toList(), total, number, complete, errors);
    }

    static <T> ListPage<T> wrong(List<String> errors) {
        return new ListPage<>(List.of(), 0, 1, true, errors);
    }

    /** @return the number of the page that a request asks for; the first, if it asks for none */
    static int number(StaplerRequest2 request) {
        String number = request.getParameter("page");
        return number != null && number.matches("[1-9][0-9]{0,6}") ? Integer.parseInt(number) : 1;
    }

    static long offset(int number) {
        return (number - 1L) * SIZE;
    }

    /** @return how many pages there are, 1 or more */
    public long getPages() {
        return pages(total);
    }

    private static long pages(long total) {
        return Math.max(1, (total + SIZE - 1) / SIZE);
    }

    /** @return whether there is a page before this one */
    public boolean isPrevious() {
        return number > 1;
    }

    /** @return whether there is a page after this one */
    public boolean isNext() {
        return number < getPages();
    }
}
