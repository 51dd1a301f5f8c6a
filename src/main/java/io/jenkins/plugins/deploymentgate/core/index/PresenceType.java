package io.jenkins.plugins.deploymentgate.core.index;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** The value in tables of which only the keys say something; it takes no room in the file. */
@SuppressFBWarnings(
        value = "SE_COMPARATOR_SHOULD_BE_SERIALIZABLE",
        justification = "Nothing that is serialized is compared by it.")
final class PresenceType extends BasicDataType<Boolean> {

    @Override
    public int getMemory(Boolean present) {
        return 0;
    }

    @Override
    public void write(WriteBuffer buffer, Boolean present) {
        // The key says it all.
    }

    @Override
    public Boolean read(ByteBuffer buffer) {
        return Boolean.TRUE;
    }

    @Override
    public Boolean[] createStorage(int size) {
        return new Boolean[size];
    }
}
