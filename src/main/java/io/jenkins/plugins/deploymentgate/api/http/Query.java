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

/** The parameters in an address. Of one that stands there twice the last counts. */
public final class Query {

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * @param query what follows the question mark, as it was sent; null if nothing does
     * @throws ApiException 400 if it is not properly encoded
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

    /** @return all parameters, in the order of the address */
    Map<String, String> all() {
        return Collections.unmodifiableMap(values);
    }

    /** @return the value; empty if it is not there, or has nothing in it */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * @param parser what makes a value of the text; empty if the text makes no sense
     * @return the value; empty if it is not there
     * @throws ApiException 400 if it makes no sense
     */
    public <T> Optional<T> parsed(String name, Function<String, Optional<T>> parser) {
        return text(name)
                .map(text ->
                        parser.apply(text).orElseThrow(() -> ApiException.badRequest(Messages.Query_Invalid(name))));
    }

    /** @return the number, 1 or more; the default if it is not there */
    int positive(String name, int otherwise) {
        return parsed(
                        name,
                        text -> text.matches("0*[1-9][0-9]{0,8}")
                                ? Optional.of(Integer.valueOf(text))
                                : Optional.<Integer>empty())
                .orElse(otherwise);
    }

    /** @return the point in time, written as ISO 8601 allows it, with a zone or without for UTC, or as a date */
    public Optional<Instant> time(String name) {
        return parsed(name, Query::instant);
    }

    private static Optional<Instant> instant(String text) {
        try {
            if (!text.contains("T")) {
                return Optional.of(
                        LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            // A plus sign in an address is a space; a zone is the only place where one can stand.
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
