package io.jenkins.plugins.deploymentgate.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request as text, with nobody between it and the API: a line with the id of a user, the verb and the address, a line for
 * each header, an empty line, and the body.
 *
 * @param user who sends it
 * @param verb the verb
 * @param path the address below the root of the API
 * @param query what follows the question mark; null if nothing does
 * @param headers those that are looked at, in lower case
 * @param body the bytes
 */
record RawRequest(String user, String verb, String path, String query, Map<String, String> headers, byte[] body) {

    private static final String FORM = "application/x-www-form-urlencoded";

    /** Whatever the bytes are, they are a request, if not a sensible one. */
    static RawRequest of(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        List<String> lines = List.of((end < 0 ? text : text.substring(0, end)).split("\n", -1));
        String[] words = lines.get(0).split(" ", 3);
        String[] address = (words.length < 3 ? "/" : words[2]).split("\\?", 2);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] header = line.split(":", 2);
            headers.put(header[0].strip().toLowerCase(), header.length == 1 ? "" : header[1].strip());
        }
        return new RawRequest(
                words[0],
                words.length < 2 ? "GET" : words[1],
                address[0],
                address.length == 1 ? null : address[1],
                headers,
                end < 0 ? new byte[0] : Arrays.copyOfRange(data, end + 2, data.length));
    }

    HttpServletRequest toServlet() {
        return (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletRequest.class}, this::answer);
    }

    private Object answer(Object proxy, Method method, Object[] arguments) {
        String first = arguments != null && arguments[0] instanceof String text ? text : "";
        return switch (method.getName()) {
            case "getMethod" -> verb;
            case "getContextPath" -> "/jenkins";
            case "getRequestURI" -> "/jenkins/deployment-gate/api/v4" + path;
            case "getQueryString" -> query;
            case "getHeader" -> headers.get(first.toLowerCase());
            case "getHeaders" ->
                Collections.enumeration(
                        headers.containsKey(first.toLowerCase())
                                ? List.of(headers.get(first.toLowerCase()))
                                : List.of());
            case "getContentType" -> headers.get("content-type");
            case "getContentLengthLong" -> (long) body.length;
            case "getInputStream" -> new Input(new ByteArrayInputStream(body));
            case "getParameterMap" -> parameters();
            case "getRemoteAddr" -> "192.0.2.1";
            case "getScheme" -> "http";
            case "getServerName" -> "jenkins.example.com";
            case "getServerPort" -> 80;
            case "isSecure" -> false;
            // As core marks requests by Basic with an API token, which need no crumb.
            case "getAttribute" -> first.equals("jenkins.security.BasicHeaderApiTokenAuthenticator") ? true : null;
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    /** As containers read a form: in the address, and in a body of that type. */
    private Map<String, String[]> parameters() {
        Map<String, String[]> parameters = new LinkedHashMap<>();
        add(parameters, query == null ? "" : query);
        if (headers.getOrDefault("content-type", "").toLowerCase().startsWith(FORM)) {
            add(parameters, new String(body, StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static void add(Map<String, String[]> parameters, String form) {
        for (String pair : form.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                String[] value = {parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8)};
                parameters.merge(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), value, RawRequest::both);
            }
        }
    }

    private static String[] both(String[] some, String[] more) {
        String[] all = Arrays.copyOf(some, some.length + 1);
        all[some.length] = more[0];
        return all;
    }

    /** What was answered. */
    static final class Response {

        final Map<String, String> headers = new LinkedHashMap<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status;

        HttpServletResponse toServlet() {
            return (HttpServletResponse) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, this::take);
        }

        private Object take(Object proxy, Method method, Object[] arguments) {
            switch (method.getName()) {
                case "setStatus" -> status = (int) arguments[0];
                case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
                case "setContentType" -> headers.put("Content-Type", (String) arguments[0]);
                case "setContentLength" -> headers.put("Content-Length", String.valueOf(arguments[0]));
                case "getOutputStream" -> {
                    return new Output(body);
                }
                default -> throw new UnsupportedOperationException(method.toString());
            }
            return null;
        }
    }

    private static final class Input extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        Input(ByteArrayInputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("nobody reads like this");
        }
    }

    private static final class Output extends ServletOutputStream {

        private final ByteArrayOutputStream bytes;

        Output(ByteArrayOutputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("nobody writes like this");
        }
    }
}
