package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * How a row of the index is kept in its file. Enumerations are kept by their place, so the file says in its
 * {@link #FORMAT} what was in which.
 */
@SuppressFBWarnings(
        value = "SE_COMPARATOR_SHOULD_BE_SERIALIZABLE",
        justification = "Nothing that is serialized is compared by it.")
final class IndexRowType extends BasicDataType<IndexRow> {

    /** What a file must have been written with to be read; another is not used. */
    static final String FORMAT = "2 " + List.of(Status.values()) + " " + List.of(EndReason.values());

    private static final StringDataType STRINGS = StringDataType.INSTANCE;

    @Override
    public int getMemory(IndexRow row) {
        DeploymentSummary summary = row.summary();
        return 300
                + 2 * summary.version().length()
                + 60 * (summary.requesters().size() + summary.voters().size());
    }

    @Override
    public void write(WriteBuffer buffer, IndexRow row) {
        DeploymentSummary summary = row.summary();
        buffer.putVarInt(row.job())
                .putVarLong(summary.id())
                .putVarInt(summary.iid())
                .putVarInt(summary.build());
        STRINGS.write(buffer, summary.environment());
        STRINGS.write(buffer, summary.version());
        EndReason reason = summary.failureReason();
        buffer.putVarInt(summary.status().ordinal()).putVarInt(reason == null ? 0 : reason.ordinal() + 1);
        write(buffer, summary.requesters());
        write(buffer, summary.voters());
        buffer.putVarInt(summary.outstanding())
                .putVarLong(summary.createdAt().toEpochMilli())
                .putVarLong(summary.updatedAt().toEpochMilli())
                .putVarInt(summary.finishedAt().isPresent() ? 1 : 0);
        summary.finishedAt().ifPresent(instant -> buffer.putVarLong(instant.toEpochMilli()));
    }

    private static void write(WriteBuffer buffer, List<String> strings) {
        buffer.putVarInt(strings.size());
        strings.forEach(string -> STRINGS.write(buffer, string));
    }

    @Override
    public IndexRow read(ByteBuffer buffer) {
        int job = DataUtils.readVarInt(buffer);
        return new IndexRow(
                job,
                new DeploymentSummary(
                        DataUtils.readVarLong(buffer),
                        DataUtils.readVarInt(buffer),
                        "",
                        DataUtils.readVarInt(buffer),
                        STRINGS.read(buffer),
                        STRINGS.read(buffer),
                        Status.values()[DataUtils.readVarInt(buffer)],
                        reason(DataUtils.readVarInt(buffer)),
                        strings(buffer),
                        strings(buffer),
                        DataUtils.readVarInt(buffer),
                        instant(buffer),
                        instant(buffer),
                        DataUtils.readVarInt(buffer) == 0 ? Optional.empty() : Optional.of(instant(buffer))));
    }

    private static EndReason reason(int code) {
        return code == 0 ? null : EndReason.values()[code - 1];
    }

    private static List<String> strings(ByteBuffer buffer) {
        int size = DataUtils.readVarInt(buffer);
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            strings.add(STRINGS.read(buffer));
        }
        return strings;
    }

    private static Instant instant(ByteBuffer buffer) {
        return Instant.ofEpochMilli(DataUtils.readVarLong(buffer));
    }

    @Override
    public IndexRow[] createStorage(int size) {
        return new IndexRow[size];
    }
}
