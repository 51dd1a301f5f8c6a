package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;

/** How a key of the index is kept in its file. */
@SuppressFBWarnings(
        value = "SE_COMPARATOR_SHOULD_BE_SERIALIZABLE",
        justification = "Nothing that is serialized is compared by it.")
final class IndexKeyType extends BasicDataType<IndexKey> {

    @Override
    public int compare(IndexKey one, IndexKey other) {
        return one.compareTo(other);
    }

    @Override
    public int getMemory(IndexKey key) {
        return 48 + StringDataType.INSTANCE.getMemory(key.name());
    }

    @Override
    public void write(WriteBuffer buffer, IndexKey key) {
        buffer.putVarInt(key.status()).putVarInt(key.job());
        StringDataType.INSTANCE.write(buffer, key.name());
        buffer.putVarLong(key.value()).putVarLong(key.id());
    }

    @Override
    public IndexKey read(ByteBuffer buffer) {
        return new IndexKey(
                DataUtils.readVarInt(buffer),
                DataUtils.readVarInt(buffer),
                StringDataType.INSTANCE.read(buffer),
                DataUtils.readVarLong(buffer),
                DataUtils.readVarLong(buffer));
    }

    @Override
    public IndexKey[] createStorage(int size) {
        return new IndexKey[size];
    }
}
