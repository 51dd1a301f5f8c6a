package io.jenkins.plugins.deploymentgate.core.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** Seals bytes with a keyed hash. Any thread may call. */
final class AuditSeal {

    /** How many characters a seal has. */
    static final int LENGTH = 64;

    private final UnaryOperator<byte[]> mac;

    /** @param mac gives 32 bytes that nobody can compute who does not have the key */
    AuditSeal(UnaryOperator<byte[]> mac) {
        this.mac = mac;
    }

    /**
     * @param bytes where the content is
     * @param length how many bytes of it count
     * @return the seal, in hexadecimal digits
     */
    String of(byte[] bytes, int length) {
        return HexFormat.of().formatHex(mac.apply(Arrays.copyOf(bytes, length)));
    }

    /**
     * @param bytes where the content is
     * @param length how many bytes of it count
     * @param seal what is claimed to be the seal
     * @return whether it is
     */
    boolean isOn(byte[] bytes, int length, String seal) {
        return MessageDigest.isEqual(
                of(bytes, length).getBytes(StandardCharsets.UTF_8), seal.getBytes(StandardCharsets.UTF_8));
    }
}
