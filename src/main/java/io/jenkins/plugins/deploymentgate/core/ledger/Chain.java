package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * The keyed hashes that chain the entries. Any thread may call.
 *
 * @param mac computes 32 bytes that nobody can compute without the key
 */
record Chain(UnaryOperator<byte[]> mac) {

    /** Length of a hash in hexadecimal digits. */
    static final int LENGTH = 64;

    /**
     * A position in the chain.
     *
     * @param seq the number of an entry; 0 before the first
     * @param hash its hash
     */
    record Head(long seq, String hash) {

        /** Before the first entry. */
        static final Head NONE = new Head(0, "0".repeat(LENGTH));
    }

    /** @return the hash of the first {@code length} bytes, in hexadecimal digits */
    String hash(byte[] bytes, int length) {
        return HexFormat.of().formatHex(mac.apply(Arrays.copyOf(bytes, length)));
    }
}
