package io.jenkins.plugins.deploymentgate.core.ledger;

import io.jenkins.plugins.deploymentgate.core.record.DurableFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the number and hash of the last entry in a file beside the ledger, so that truncating the ledger is detected.
 *
 * <p>Two slots of fixed size are overwritten in turn, without a flush. A loss of power can leave the checkpoint behind the
 * ledger, which is harmless, or damage one slot; then the other one counts. For one thread.
 */
final class LedgerCheckpoint {

    private static final int SLOT = 192;
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,18} [0-9a-f]{64}) ([0-9a-f]{64}) *\n");

    private final Path file;
    private final Chain chain;
    private int nextSlot;

    LedgerCheckpoint(LedgerFiles files) {
        this.file = files.checkpoint();
        this.chain = files.chain();
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** @return the last entry that was written down; empty if there is no slot with a correct hash */
    Optional<Chain.Head> read() throws IOException {
        String content = exists() ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        Chain.Head first = read(content, 0);
        Chain.Head second = read(content, SLOT);
        nextSlot = first.seq() > second.seq() ? SLOT : 0;
        Chain.Head last = first.seq() > second.seq() ? first : second;
        return Optional.of(last).filter(head -> head.seq() > 0);
    }

    private Chain.Head read(String content, int slot) {
        Matcher form =
                FORM.matcher(content).region(Math.min(slot, content.length()), Math.min(slot + SLOT, content.length()));
        if (!form.matches() || !hash(form.group(1)).equals(form.group(2))) {
            return Chain.Head.NONE;
        }
        String[] parts = form.group(1).split(" ");
        return new Chain.Head(Long.parseLong(parts[0]), parts[1]);
    }

    private String hash(String entry) {
        byte[] hashed = ("checkpoint " + entry).getBytes(StandardCharsets.UTF_8);
        return chain.hash(hashed, hashed.length);
    }

    /** Writes down the last entry, which is on disk already. If that fails, the slot before is still there. */
    void write(Chain.Head head) throws IOException {
        if (!exists()) {
            DurableFile.write(file, (" ".repeat(SLOT - 1) + "\n").repeat(2));
        }
        String entry = head.seq() + " " + head.hash();
        String text = entry + " " + hash(entry);
        try (RandomAccessFile slots = new RandomAccessFile(file.toFile(), "rw")) {
            slots.seek(nextSlot);
            slots.write((text + " ".repeat(SLOT - 1 - text.length()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        nextSlot = SLOT - nextSlot;
    }
}
