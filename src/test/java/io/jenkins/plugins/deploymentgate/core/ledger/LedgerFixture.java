package io.jenkins.plugins.deploymentgate.core.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A ledger in a directory, with a key, a clock set by hand, and a disk that can fail. */
final class LedgerFixture implements AutoCloseable {

    static final Instant MARCH = Instant.parse("2026-03-31T23:00:00.5Z");

    final Path directory;
    Instant now = MARCH;
    String key = "secret";

    /** How many appends reached the disk. */
    int forces;

    /** How many bytes the disk still takes; as many as it likes if negative. */
    int room = -1;

    Ledger.WriteCheck check = () -> {};
    Ledger ledger;

    LedgerFixture(Path directory) {
        this.directory = directory;
        restart();
    }

    /** Simulates a restart of Jenkins, which loses what is in memory. */
    void restart() {
        if (ledger != null) {
            ledger.close();
        }
        ledger = new Ledger(new LedgerFiles(directory, chain()), check, () -> now, this::append);
    }

    @Override
    public void close() {
        ledger.close();
    }

    private void append(Path file, long length, byte[] bytes) throws IOException {
        forces++;
        if (room >= 0 && bytes.length > room) {
            byte[] part = new byte[room];
            System.arraycopy(bytes, 0, part, 0, room);
            LedgerFiles.append(file, length, part);
            throw new IOException("No space left on device");
        }
        LedgerFiles.append(file, length, bytes);
    }

    Chain chain() {
        String keyOfNow = key;
        return new Chain(bytes -> mac(keyOfNow, bytes));
    }

    private static byte[] mac(String key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static LedgerEvent event(String user, String comment) {
        return new LedgerEvent(
                "77/approved/" + user + "/" + comment,
                LedgerEvent.Kind.APPROVED,
                MARCH.minusSeconds(1),
                user,
                new LedgerEvent.Origin(LedgerEvent.Means.PAGE, "192.0.2.7"),
                new LedgerEvent.Subject("production", "shop/deploy", 12, 77),
                comment,
                Map.of("rule", "quality"));
    }

    void append(String... users) throws IOException {
        for (String user : users) {
            ledger.append(List.of(event(user, "fine")));
        }
    }

    /** Five entries in March, three in April and two in June. */
    LedgerFixture filled() throws IOException {
        append("a1", "a2", "a3", "a4", "a5");
        now = Instant.parse("2026-04-01T00:00:00Z");
        append("b1", "b2", "b3");
        now = Instant.parse("2026-06-10T08:00:00Z");
        append("c1", "c2");
        return this;
    }

    List<LedgerEntry> entries() throws IOException {
        List<LedgerEntry> entries = new ArrayList<>();
        ledger.read(
                Optional.empty(),
                LedgerFilter.ALL,
                row -> entries.add(row.entry().orElseThrow()));
        return entries;
    }

    List<String> users() throws IOException {
        return entries().stream().map(entry -> entry.event().user()).toList();
    }

    Path file(String month) {
        return directory.resolve(month + ".jsonl");
    }

    String text(String month) throws IOException {
        return Files.readString(file(month));
    }

    Ledger.Report verify() throws IOException {
        return ledger.verify(Optional.empty(), entries -> {});
    }

    Ledger.Report verifyFrom(String month) throws IOException {
        return ledger.verify(Optional.of(YearMonth.parse(month)), entries -> {});
    }
}
