package io.jenkins.plugins.deploymentgate.core.ledger;

import io.jenkins.plugins.deploymentgate.core.record.DurableFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Remembers the last entry of the audit ledger beside it, so that the ledger cannot be cut short unnoticed.
 *
 * <p>Two slots of a fixed size are overwritten in turn and not forced to disk: a power failure may leave the anchor behind
 * the ledger, which is harmless, or tear one slot, and then the other counts. It is never ahead of a ledger that is
 * whole. One thread at a time.
 */
final class LedgerCheckpoint {

    private static final int SLOT = 192;
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,18}) ([0-9a-f]{64}) ([0-9a-f]{64}) *\n");

    private final Path file;
    private final AuditSeal seal;
    private int free;

    LedgerCheckpoint(Path file, AuditSeal seal) {
        this.file = file;
        this.seal = seal;
    }

    /** @return whether there is a file */
    boolean exists() {
        return Files.exists(file);
    }

    /**
     * @return the last entry that was remembered; empty if there is none whose seal is right
     * @throws IOException if the file cannot be read
     */
    Optional<AuditHead> read() throws IOException {
        if (!exists()) {
            return Optional.empty();
        }
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        List<AuditHead> found = new ArrayList<>();
        for (int slot = 0; slot < 2; slot++) {
            Optional<AuditHead> head = read(content, slot);
            if (head.isPresent()
                    && found.stream().allMatch(other -> other.seq() < head.get().seq())) {
                free = 1 - slot;
            }
            head.ifPresent(found::add);
        }
        return found.stream().max(Comparator.comparingLong(AuditHead::seq));
    }

    private Optional<AuditHead> read(String content, int slot) {
        if (content.length() < (slot + 1) * SLOT) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(content.substring(slot * SLOT, (slot + 1) * SLOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        byte[] sealed = sealed(form.group(1), form.group(2));
        return seal.isOn(sealed, sealed.length, form.group(3))
                ? Optional.of(new AuditHead(Long.parseLong(form.group(1)), form.group(2)))
                : Optional.empty();
    }

    private static byte[] sealed(String seq, String hash) {
        return ("anchor " + seq + " " + hash).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param head what to remember; on disk already
     * @throws IOException if it cannot be written; what was remembered before still is
     */
    void write(AuditHead head) throws IOException {
        if (!exists()) {
            DurableFile.write(file, (" ".repeat(SLOT - 1) + "\n").repeat(2));
        }
        byte[] sealed = sealed(String.valueOf(head.seq()), head.hash());
        String text = head.seq() + " " + head.hash() + " " + seal.of(sealed, sealed.length);
        try (RandomAccessFile slots = new RandomAccessFile(file.toFile(), "rw")) {
            slots.seek((long) free * SLOT);
            slots.write((text + " ".repeat(SLOT - 1 - text.length()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        free = 1 - free;
    }
}
