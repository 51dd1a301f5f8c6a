package io.jenkins.plugins.deploymentgate.core.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of the audit ledger: an entry as JSON, whose last field is the keyed hash of all bytes before that field. As the
 * hash is of bytes and not of values, nothing in the line can change without it.
 *
 * @param json the line
 * @param before the place of the entry that this one follows
 * @param head the place of this entry
 * @param intact whether the hash is right
 */
record AuditLine(JsonNode json, AuditHead before, AuditHead head, boolean intact) {

    private static final byte[] HASH = ",\"hash\":\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\"}".getBytes(StandardCharsets.UTF_8);
    private static final int TAIL = HASH.length + AuditSeal.LENGTH + END.length;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{" + AuditSeal.LENGTH + "}");

    /**
     * A line to be written.
     *
     * @param bytes with the line break
     * @param head the place of its entry
     */
    record Written(byte[] bytes, AuditHead head) {}

    /** Thrown for a line that this plugin has not written. */
    static final class NoEntryException extends Exception {

        private static final long serialVersionUID = 1L;

        NoEntryException(String message) {
            super(message);
        }
    }

    static Written write(AuditEntry entry, String prev, AuditSeal seal) throws JsonProcessingException {
        String json = AuditDocument.of(entry, prev).toJson();
        byte[] sealed = json.substring(0, json.length() - 1).getBytes(StandardCharsets.UTF_8);
        String hash = seal.of(sealed, sealed.length);
        byte[] line = Arrays.copyOf(sealed, sealed.length + TAIL + 1);
        int at = put(line, sealed.length, HASH);
        at = put(line, at, hash.getBytes(StandardCharsets.UTF_8));
        at = put(line, at, END);
        line[at] = '\n';
        return new Written(line, new AuditHead(entry.seq(), hash));
    }

    private static int put(byte[] target, int at, byte[] source) {
        System.arraycopy(source, 0, target, at, source.length);
        return at + source.length;
    }

    /**
     * @param line a line without its line break
     * @param seal by which it is checked
     * @return what it says, right or wrong
     * @throws NoEntryException if it says nothing
     */
    static AuditLine read(byte[] line, AuditSeal seal) throws NoEntryException {
        int sealed = line.length - TAIL;
        if (sealed < 1
                || !Arrays.equals(Arrays.copyOfRange(line, sealed, sealed + HASH.length), HASH)
                || !Arrays.equals(Arrays.copyOfRange(line, line.length - END.length, line.length), END)) {
            throw new NoEntryException("the line does not end with a hash");
        }
        int from = sealed + HASH.length;
        String hash = new String(line, from, AuditSeal.LENGTH, StandardCharsets.US_ASCII);
        JsonNode json;
        try {
            json = AuditDocument.parse(line);
        } catch (JsonProcessingException e) {
            throw new NoEntryException("the line is no JSON");
        }
        JsonNode seq = json.path("seq");
        String prev = json.path("prev").asText();
        if (!seq.isIntegralNumber()
                || seq.asLong() < 1
                || !HEX.matcher(prev).matches()
                || !HEX.matcher(hash).matches()) {
            throw new NoEntryException("the line has no number or no hash");
        }
        return new AuditLine(
                json,
                new AuditHead(seq.asLong() - 1, prev),
                new AuditHead(seq.asLong(), hash),
                seal.isOn(line, sealed, hash));
    }

    /**
     * @param bytes a line without its line break
     * @param seal by which it is checked
     * @return it, for a reader, whatever it says
     */
    static AuditRow row(byte[] bytes, AuditSeal seal) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            AuditLine line = read(bytes, seal);
            return new AuditRow(text, line.entry(), line.intact());
        } catch (NoEntryException e) {
            return new AuditRow(text, Optional.empty(), false);
        }
    }

    /** @return the entry; empty if a later version of this plugin wrote it, with something that this one does not know */
    Optional<AuditEntry> entry() {
        try {
            return Optional.of(AuditDocument.of(json).toEntry());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
