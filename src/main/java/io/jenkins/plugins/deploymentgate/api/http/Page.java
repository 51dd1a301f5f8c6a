package io.jenkins.plugins.deploymentgate.api.http;

import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A page of a list, with GitLab's paging headers.
 *
 * @param number from 1
 * @param size the maximum number of entries
 */
@Restricted(NoExternalUse.class)
public record Page(int number, int size) {

    private static final int DEFAULT_SIZE = 20;
    private static final int MAX_SIZE = 100;

    /** @throws ApiException 400 if a parameter is not a positive number; sizes above the maximum are reduced to it */
    public static Page of(Query query) {
        return new Page(query.positive("page", 1), Math.min(MAX_SIZE, query.positive("per_page", DEFAULT_SIZE)));
    }

    /** @return the number of entries on the pages before this one */
    public long offset() {
        return (number - 1L) * size;
    }

    /** @return the entries of this page */
    public <T> List<T> of(List<T> all) {
        return all.stream().skip(offset()).limit(size).toList();
    }

    /**
     * @param view converts an entry to JSON
     * @return the response with this page
     */
    public <T> Reply reply(ApiRequest request, List<T> all, Function<T, ?> view) {
        return reply(request, of(all).stream().map(view).toList(), all.size());
    }

    /**
     * @param here the entries of this page
     * @param total the number of entries of the whole list
     * @return the response with this page
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

    /**
     * @param request the request for a page by keyset pagination
     * @param here the entries of this page
     * @param next the value of the parameter {@code cursor} for the next page; empty if this is the last one
     * @return the response with this page; it has no total, and no link if it is the last one
     */
    public Reply reply(ApiRequest request, List<?> here, Optional<String> next) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Per-Page", String.valueOf(size));
        next.ifPresent(cursor -> headers.put("Link", link(request, "cursor", cursor, "next")));
        return new Reply(200, here, headers);
    }

    private String link(ApiRequest request, long page, String relation) {
        return link(request, "page", String.valueOf(page), relation);
    }

    private String link(ApiRequest request, String parameter, String page, String relation) {
        Map<String, String> parameters = new LinkedHashMap<>(request.query().all());
        parameters.put(parameter, page);
        parameters.put("per_page", String.valueOf(size));
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
        return "<" + request.address() + "?" + String.join("&", pairs) + ">; rel=\"" + relation + "\"";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
