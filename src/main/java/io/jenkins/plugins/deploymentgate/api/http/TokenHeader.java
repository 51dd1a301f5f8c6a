package io.jenkins.plugins.deploymentgate.api.http;

import hudson.model.User;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.security.ApiTokenProperty;
import jenkins.security.SecurityListener;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * The API token in a header of GitLab's: {@code PRIVATE-TOKEN: user:token}, or {@code Authorization: Bearer user:token},
 * where the latter may be in Base64. A token in one of these headers takes precedence over the session. Passwords are not
 * accepted. Bearer tokens of any other form are left to core and to other plugins, which have seen the request before.
 */
final class TokenHeader {

    private static final Logger LOGGER = Logger.getLogger(TokenHeader.class.getName());
    private static final String BEARER = "Bearer";

    /** A user ID and an API token of core: 32 hexadecimal digits, since core 2.129 after a version number. */
    private static final Pattern USER_AND_TOKEN = Pattern.compile("\\P{Cntrl}+:(11)?[0-9a-f]{32}");

    private TokenHeader() {}

    /**
     * @return the user whom the token authenticates; empty if the request has no such token
     * @throws ApiException 401 if the token is wrong, or if there are several
     */
    static Optional<Authentication> authenticate(HttpServletRequest request) {
        List<String> tokens = new ArrayList<>(Collections.list(request.getHeaders("PRIVATE-TOKEN")));
        bearers(request).flatMap(bearer -> own(bearer).stream()).forEach(tokens::add);
        if (tokens.isEmpty()) {
            return Optional.empty();
        } else if (tokens.size() > 1) {
            throw ApiException.unauthorized(Messages.TokenHeader_Several());
        }
        String token = tokens.get(0);
        int colon = token.lastIndexOf(':');
        if (colon <= 0) {
            throw ApiException.unauthorized(Messages.TokenHeader_Malformed());
        }
        return Optional.of(authenticate(token.substring(0, colon), token.substring(colon + 1)));
    }

    /** @return whether it has a Bearer token of any form */
    static boolean hasBearer(HttpServletRequest request) {
        return bearers(request).findAny().isPresent();
    }

    private static Stream<String> bearers(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Authorization")).stream()
                .map(value -> value.strip().split(" +", 2))
                .filter(parts -> parts[0].equalsIgnoreCase(BEARER))
                .map(parts -> parts.length == 1 ? "" : parts[1]);
    }

    /** The Bearer tokens of RFC 6750 have no colon. Base64 of something else can decode to one by chance. */
    private static Optional<String> own(String bearer) {
        if (bearer.contains(":")) {
            return Optional.of(bearer);
        }
        try {
            return Optional.of(new String(Base64.getDecoder().decode(bearer), StandardCharsets.UTF_8))
                    .filter(decoded -> USER_AND_TOKEN.matcher(decoded).matches());
        } catch (IllegalArgumentException e) {
            // Not Base64, so not a token of this form.
            return Optional.empty();
        }
    }

    /** Fires the events that core fires for an API token in a Basic header. */
    private static Authentication authenticate(String id, String token) {
        User user = User.getById(id, false);
        ApiTokenProperty tokens = user == null ? null : user.getProperty(ApiTokenProperty.class);
        if (tokens == null || !tokens.matchesPassword(token)) {
            SecurityListener.fireFailedToAuthenticate(id);
            throw ApiException.unauthorized(Messages.TokenHeader_Wrong());
        }
        try {
            UserDetails details = user.getUserDetailsForImpersonation2();
            SecurityListener.fireAuthenticated2(details);
            return new UsernamePasswordAuthenticationToken(details.getUsername(), "", details.getAuthorities());
        } catch (UsernameNotFoundException e) {
            LOGGER.log(Level.FINE, e, () -> "The security realm no longer knows user " + id);
            SecurityListener.fireFailedToAuthenticate(id);
            throw ApiException.unauthorized(Messages.TokenHeader_Wrong());
        }
    }
}
