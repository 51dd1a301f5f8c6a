package io.jenkins.plugins.deploymentgate.api.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of names in URLs: UTF-8, strict. */
final class PercentEncoding {

    private static final String UNRESERVED = "-._~";

    private PercentEncoding() {}

    /**
     * @param piece an undecoded path segment; a plus sign stands for itself
     * @return the decoded text
     * @throws ApiException 400 if the encoding is invalid
     */
    static String decode(String piece) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (c == '%' && i + 2 < piece.length()) {
                bytes.write(hex(piece, i + 1) << 4 | hex(piece, i + 2));
                i += 2;
            } else if (c == '%' || c >= 0x80) {
                throw malformed();
            } else {
                bytes.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    /**
     * @param name any name
     * @return the name as one path segment
     */
    static String encode(String name) {
        StringBuilder piece = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                piece.append(c);
            } else {
                piece.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return piece.toString();
    }

    private static int hex(String piece, int at) {
        int digit = Character.digit(piece.charAt(at), 16);
        if (digit < 0 || piece.charAt(at) > 'f') {
            throw malformed();
        }
        return digit;
    }

    private static ApiException malformed() {
        return ApiException.badRequest(Messages.PercentEncoding_Malformed());
    }
}
