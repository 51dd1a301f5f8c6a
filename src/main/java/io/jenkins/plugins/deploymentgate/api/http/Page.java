package io.jenkins.plugins.deploymentgate.api.http;

import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A part of a list, and GitLab's headers that say where in the list it is.
 *
 * @param number counts from 1
 * @param size how many fit on one
 */
public record Page(int number, int size) {

    private static final int DEFAULT_SIZE = 20;
    private static final int MAX_SIZE = 100;

    /** @throws ApiException 400 if a parameter is no positive number; a page that is too large is cut */
    public static Page of(Query query) {
        return new Page(query.positive("page", 1), Math.min(MAX_SIZE, query.positive("per_page", DEFAULT_SIZE)));
    }

    /** @return how many entries are on the pages before this one */
    public long offset() {
        return (number - 1L) * size;
    }

    /**
     * @param all the whole list
     * @return what of it is on this page
     */
    public <T> List<T> of(List<T> all) {
        return all.stream().skip(offset()).limit(size).toList();
    }

    /**
     * @param request the request for it
     * @param all the whole list
     * @param view makes of an entry what is sent
     * @return this page of it
     */
    public <T> Reply reply(ApiRequest request, List<T> all, Function<T, ?> view) {
        return reply(request, of(all).stream().map(view).toList(), all.size());
    }

    /**
     * @param request the request for it
     * @param here what is on it
     * @param total how many entries the whole list has
     * @return this page
     */
    public Reply reply(ApiRequest request, List<?> here, long total) {
        // As GitLab does: long lists have no total and no last page.
        boolean counted = total <= DeploymentList.MAX_TOTAL;
        long pages = Math.max(1, (total + size - 1) / size);
        boolean next = number < pages || !counted && here.size() == size;
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Page", String.valueOf(number));
        headers.put("X-Per-Page", String.valueOf(size));
        headers.put("X-Next-Page", next ? String.valueOf(number + 1) : "");
        long previous = counted ? Math.min(number - 1, pages) : number - 1;
        headers.put("X-Prev-Page", number > 1 ? String.valueOf(previous) : "");
        if (counted) {
            headers.put("X-Total", String.valueOf(total));
            headers.put("X-Total-Pages", String.valueOf(pages));
        }
        List<String> links = new ArrayList<>();
        if (number > 1) {
            links.add(link(request, previous, "prev"));
        }
        if (next) {
            links.add(link(request, number + 1, "next"));
        }
        links.add(link(request, 1, "first"));
        if (counted) {
            links.add(link(request, pages, "last"));
        }
        headers.put("Link", String.join(", ", links));
        return new Reply(200, here, headers);
    }

    private String link(ApiRequest request, long page, String relation) {
        Map<String, String> parameters = new LinkedHashMap<>(request.query().all());
        parameters.put("page", String.valueOf(page));
        parameters.put("per_page", String.valueOf(size));
        List<String> pairs = new ArrayList<>();
        parameters.forEach(
                (name, value) -> pairs.add(PercentEncoding.encode(name) + "=" + PercentEncoding.encode(value)));
        return "<" + request.address() + "?" + String.join("&", pairs) + ">; rel=\"" + relation + "\"";
    }
}
