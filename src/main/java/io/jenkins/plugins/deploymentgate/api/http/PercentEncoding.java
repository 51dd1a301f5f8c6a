package io.jenkins.plugins.deploymentgate.api.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoded UTF-8. Unlike the JDK, refuses what is malformed. */
final class PercentEncoding {

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
