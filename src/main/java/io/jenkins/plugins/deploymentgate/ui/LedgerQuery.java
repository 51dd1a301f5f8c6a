package io.jenkins.plugins.deploymentgate.ui;

import hudson.Util;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerFilter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * The query in the address of the audit page: the filter, and {@code from} where to begin. A missing parameter is
 * empty.
 */
@Restricted(NoExternalUse.class)
public record LedgerQuery(Map<String, String> parameters) {

    static LedgerQuery of(StaplerRequest2 request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : List.of("environment", "job", "person", "event", "month", "from")) {
            parameters.put(name, Util.fixNull(request.getParameter(name)).strip());
        }
        return new LedgerQuery(parameters);
    }

    /** @return a parameter */
    public String get(String name) {
        return parameters.get(name);
    }

    /** @return whether the event or the month is unknown */
    boolean isWrong() {
        return !get("event").isEmpty() && filter().kind().isEmpty()
                || !get("month").isEmpty() && month().isEmpty();
    }

    private Optional<YearMonth> month() {
        try {
            return Optional.of(YearMonth.parse(get("month")));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** @return the filter for the ledger; an unknown event or month selects everything */
    LedgerFilter filter() {
        return new LedgerFilter(
                get("environment"), get("job"), get("person"), LedgerEvent.Kind.of(get("event")), month());
    }

    /** @return the query from its beginning with another parameter, as part of an address */
    public String with(String name, String value) {
        Map<String, String> others = new LinkedHashMap<>(parameters);
        others.remove("from");
        others.put(name, value);
        others.values().removeIf(String::isEmpty);
        return others.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }
}
