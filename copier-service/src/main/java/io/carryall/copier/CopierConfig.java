package io.carryall.copier;

import io.carryall.core.copy.CopyLimits;
import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** The configuration of the copier service; what each key means stands beside its default in META-INF/microprofile-config.properties. */
@ConfigMapping(prefix = "carryall.copier")
public interface CopierConfig {
    int folders();

    int pages();

    long memoryBytes();

    int messageBytesInMemory();

    Path spillDirectory();

    int groupItems();

    long groupBytes();

    long leaseMillis();

    long quarantineMillis();

    long graceMillis();

    default Copier.Settings settings() {
        return new Copier.Settings(folders(), pages(), graceMillis(), CopyLimits.usual(groupItems(), groupBytes(), quarantineMillis(), leaseMillis()));
    }

    default long memoryBytesOrShareOfHeap() {
        return memoryBytes() > 0 ? memoryBytes() : Runtime.getRuntime().maxMemory() / 8;
    }
}
