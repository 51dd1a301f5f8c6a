package io.jenkins.plugins.deploymentgate.core.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A ledger in a directory, a key, a clock that is set by hand, and a disk that can fail. */
final class AuditFixture {

    static final Instant MARCH = Instant.parse("2026-03-31T23:00:00.5Z");

    final Path directory;
    Instant now = MARCH;
    String key = "secret";

    /** How many appends reached the disk. */
    int forces;

    /** How many bytes the disk still takes; as many as it likes if negative. */
    int room = -1;

    AuditArchive archive;

    AuditFixture(Path directory) {
        this.directory = directory;
        restart();
    }

    /** What a restart of Jenkins does to the ledger: what is in memory is gone. */
    AuditArchive restart() {
        String keyOfNow = key;
        archive = new AuditArchive(directory, bytes -> mac(keyOfNow, bytes), clock(), this::append);
        return archive;
    }

    private void append(Path file, long length, byte[] bytes) throws IOException {
        forces++;
        if (room >= 0 && bytes.length > room) {
            byte[] part = new byte[room];
            System.arraycopy(bytes, 0, part, 0, room);
            AuditDisk.FORCED.append(file, length, part);
            throw new IOException("No space left on device");
        }
        AuditDisk.FORCED.append(file, length, bytes);
    }

    AuditSeal seal() {
        String keyOfNow = key;
        return new AuditSeal(bytes -> mac(keyOfNow, bytes));
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

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    static AuditNote note(String user, String comment) {
        return new AuditNote(
                new AuditEvent(
                        "77/approved/" + user + "/" + comment,
                        AuditKind.APPROVED,
                        MARCH.minusSeconds(1),
                        user,
                        new AuditSubject("production", "shop/deploy", 12, 77),
                        comment,
                        Map.of("rule", "quality")),
                new AuditOrigin(AuditOrigin.Means.PAGE, "192.0.2.7"));
    }

    void append(String... users) throws IOException {
        for (String user : users) {
            archive.ledger().append(List.of(note(user, "fine")));
        }
    }

    /** Five entries in March, three in April and two in June. */
    AuditFixture filled() throws IOException {
        append("a1", "a2", "a3", "a4", "a5");
        now = Instant.parse("2026-04-01T00:00:00Z");
        append("b1", "b2", "b3");
        now = Instant.parse("2026-06-10T08:00:00Z");
        append("c1", "c2");
        return this;
    }

    List<AuditEntry> entries() throws IOException {
        List<AuditEntry> entries = new ArrayList<>();
        archive.read(
                Optional.empty(),
                AuditFilter.ALL,
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

    AuditReport verify() throws IOException {
        return archive.verify(Optional.empty(), entries -> {});
    }

    AuditReport verifyFrom(String month) throws IOException {
        return archive.verify(Optional.of(YearMonth.parse(month)), entries -> {});
    }
}
