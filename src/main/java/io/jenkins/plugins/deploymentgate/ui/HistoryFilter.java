package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.springframework.security.access.AccessDeniedException;

/** The filter of the history, from the query in the address of the page. */
@Restricted(NoExternalUse.class)
public class HistoryFilter {

    private static final List<String> FIELDS =
            List.of("job", "environment", "status", "requester", "approver", "from", "to", "sort", "order");

    private final DeploymentScope scope;
    private final ZoneId zone;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final int page;

    /**
     * @param scope the widest that may be asked for
     * @param request the request, whose parameters are the fields of the form
     * @param zone where the reader's days begin
     */
    HistoryFilter(DeploymentScope scope, StaplerRequest2 request, ZoneId zone) {
        this.scope = scope;
        this.zone = zone;
        this.page = ListPage.number(request);
        FIELDS.forEach(field -> Optional.ofNullable(Util.fixEmptyAndTrim(request.getParameter(field)))
                .ifPresent(value -> fields.put(field, value)));
    }

    /**
     * @param field the name of a field of the form
     * @return what is in it; empty for nothing
     */
    public String get(String field) {
        return fields.getOrDefault(field, "");
    }

    /** @return the words for the field "status" */
    public List<String> getStatuses() {
        return Stream.of(Status.values()).map(Status::word).toList();
    }

    /**
     * @param word one of the words for the field "status"
     * @return the same in the reader's language
     */
    public String describe(String word) {
        return StatusWords.text(status(word), null);
    }

    /** @return whether anything is left out */
    public boolean isNarrow() {
        return fields.keySet().stream().anyMatch(field -> !"sort".equals(field) && !"order".equals(field));
    }

    /** @return what follows the question mark in the address of this list, before the number of the page */
    public String withoutPage() {
        return fields.isEmpty() ? "" : query(fields) + "&";
    }

    /**
     * @param column the name of an order
     * @return what follows the question mark in the address of the list in that order; in the opposite direction if it is
     *     in that order already
     */
    public String sortedBy(String column) {
        Map<String, String> other = new LinkedHashMap<>(fields);
        other.put("sort", column);
        other.put("order", column.equals(sort()) && isDescending() ? "asc" : "desc");
        return query(other);
    }

    /**
     * @param column the name of an order
     * @return how the column is sorted, in the words of ARIA
     */
    public String ariaSort(String column) {
        if (!column.equals(sort())) {
            return "none";
        }
        return isDescending() ? "descending" : "ascending";
    }

    private static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private String sort() {
        return get("sort").isEmpty() ? "id" : get("sort");
    }

    private boolean isDescending() {
        return !"asc".equals(get("order"));
    }

    int number() {
        return page;
    }

    /** @return what was wrong with the fields; to be asked for after {@link #query} */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** @return what to ask for; of no use if there are {@link #errors} */
    DeploymentQuery query() {
        errors.clear();
        DeploymentFilter filter = DeploymentFilter.in(within(get("job")));
        if (has("environment")) {
            filter = filter.to(get("environment"));
        }
        if (has("status") && getStatuses().contains(get("status"))) {
            filter = filter.with(status(get("status")));
        } else if (has("status")) {
            errors.add(Messages.HistoryFilter_NoStatus(get("status")));
        }
        if (has("requester")) {
            filter = filter.requestedBy(Identities.user(get("requester")));
        }
        if (has("approver")) {
            filter = filter.votedOnBy(Identities.user(get("approver")));
        }
        Instant from = day("from", 0).orElse(Instant.EPOCH);
        Optional<Instant> to = day("to", 1);
        if (to.filter(end -> !from.isBefore(end)).isPresent()) {
            errors.add(Messages.HistoryFilter_Reversed());
        }
        if (has("from") || has("to")) {
            filter = filter.between(
                    DeploymentOrder.CREATED_AT,
                    from.toEpochMilli(),
                    to.map(end -> end.toEpochMilli() - 1).orElse(DeploymentFilter.Range.LATEST));
        }
        return new DeploymentQuery(filter, order(), isDescending(), ListPage.offset(page), ListPage.SIZE);
    }

    private boolean has(String field) {
        return fields.containsKey(field);
    }

    private static Status status(String word) {
        return Status.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** A job or a folder that the reader may not see is one that is not there. */
    private DeploymentScope within(String name) {
        if (name.isEmpty()) {
            return scope;
        }
        Item item = item(name);
        DeploymentScope narrow = item instanceof Job ? DeploymentScope.job(name) : DeploymentScope.below(name);
        boolean inside = scope.contains(name) || scope.name().equals(name);
        if (inside && (item instanceof Job || item instanceof ItemGroup)) {
            return narrow;
        }
        errors.add(Messages.HistoryFilter_NoJob(name));
        return scope;
    }

    @CheckForNull
    private static Item item(String name) {
        try {
            return Jenkins.get().getItemByFullName(name);
        } catch (AccessDeniedException e) {
            // It may be discovered, which is not enough.
            return null;
        }
    }

    /** The beginning of a day, in the reader's time zone. */
    private Optional<Instant> day(String field, int later) {
        if (!has(field)) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(get(field))
                    .plusDays(later)
                    .atStartOfDay(zone)
                    .toInstant());
        } catch (DateTimeException e) {
            errors.add(Messages.HistoryFilter_NoDay(get(field)));
            return Optional.empty();
        }
    }

    private DeploymentOrder order() {
        return switch (sort()) {
            case "finished_at" -> DeploymentOrder.FINISHED_AT;
            case "updated_at" -> DeploymentOrder.UPDATED_AT;
            default -> DeploymentOrder.ID;
        };
    }
}
