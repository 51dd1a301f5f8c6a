package io.jenkins.plugins.deploymentgate.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.deploymentgate.audit.AuditService;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditFilter;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * What somebody wants to see of the audit ledger, as it stands in the address of the page.
 *
 * @param environment part of the name of an environment
 * @param job part of the full name of a job or folder
 * @param person part of the id of a person
 * @param event the word of an event; empty for all
 * @param month a month; empty for all
 * @param from where to begin; empty for the latest entry
 */
public record AuditQuery(String environment, String job, String person, String event, String month, String from) {

    static AuditQuery of(StaplerRequest2 request) {
        return new AuditQuery(
                text(request, "environment"),
                text(request, "job"),
                text(request, "person"),
                text(request, "event"),
                text(request, "month"),
                text(request, "from"));
    }

    private static String text(StaplerRequest2 request, String name) {
        return Util.fixNull(request.getParameter(name)).strip();
    }

    static Optional<AuditService.Format> format(@CheckForNull String word) {
        return Stream.of(AuditService.Format.values())
                .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    /** @return whether it names an event or a month that there cannot be */
    boolean isWrong() {
        return !event.isEmpty() && AuditKind.of(event).isEmpty()
                || !month.isEmpty() && parsed(month).isEmpty();
    }

    private static Optional<YearMonth> parsed(String month) {
        try {
            return Optional.of(YearMonth.parse(month));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** @return the same for the ledger; what there cannot be stands for everything */
    AuditFilter filter() {
        return new AuditFilter(environment, job, person, AuditKind.of(event), parsed(month));
    }

    /**
     * @param place where to begin
     * @return the query of an address that begins there, with the question mark
     */
    public String startingAt(String place) {
        return toAddress("from", place);
    }

    /**
     * @param format the word of a format
     * @return the query of an address that exports this
     */
    public String exportedAs(String format) {
        return toAddress("format", format);
    }

    private String toAddress(String name, String value) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("environment", environment);
        parameters.put("job", job);
        parameters.put("person", person);
        parameters.put("event", event);
        parameters.put("month", month);
        parameters.put(name, value);
        return parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }
}
