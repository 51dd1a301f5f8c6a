package io.jenkins.plugins.deploymentgate.api.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The query parameters of a request. The last value of a repeated parameter counts. */
@Restricted(NoExternalUse.class)
public final class Query {

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param query the undecoded query; null if there is none
     * @throws ApiException 400 if the encoding is invalid
     */
    Query(@CheckForNull String query) {
        if (query == null) {
            return;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                values.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        return PercentEncoding.decode(text.replace('+', ' '));
    }

    /** @return all parameters in their order */
    Map<String, String> all() {
        return Collections.unmodifiableMap(values);
    }

    /** @return the value; empty if it is missing or empty */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * @param parser converts the text; empty if the text is invalid
     * @return the value; empty if it is missing
     * @throws ApiException 400 if it is invalid
     */
    public <T> Optional<T> parsed(String name, Function<String, Optional<T>> parser) {
        return text(name)
                .map(text ->
                        parser.apply(text).orElseThrow(() -> ApiException.badRequest(Messages.Query_Invalid(name))));
    }

    /** @return the number, at least 1; the default if it is missing */
    int positive(String name, int otherwise) {
        return parsed(
                        name,
                        text -> text.matches("0*[1-9][0-9]{0,8}")
                                ? Optional.of(Integer.valueOf(text))
                                : Optional.<Integer>empty())
                .orElse(otherwise);
    }

    /** @return the time: an ISO 8601 date, or a date and time with an optional zone, UTC by default */
    public Optional<Instant> time(String name) {
        return parsed(name, Query::instant);
    }

    private static Optional<Instant> instant(String text) {
        try {
            if (!text.contains("T")) {
                return Optional.of(
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            // An unencoded plus sign decodes to a space. It can only be the sign of the zone.
            String zoned = text.replace(' ', '+');
            boolean hasZone = zoned.endsWith("Z") || zoned.matches(".*[+-][0-9]{2}:?[0-9]{2}");
            String colon = zoned.replaceFirst("([+-][0-9]{2})([0-9]{2})$", "$1:$2");
            return Optional.of(
                    OffsetDateTime.parse(hasZone ? colon : zoned + "Z").toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
