package dev.serai.watch;

import dev.serai.database.DatabaseMode;
import dev.serai.database.FullDisk;
import dev.serai.settings.SeraiProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import org.springframework.stereotype.Component;

/** What the hub can see of the database's disk. How much is free on the disk of an external one is for that server's own metrics. */
@Component
class HubDisk implements MeterBinder {

    private final FullDisk full;
    private final DatabaseMode mode;
    private final File dataDirectory;

    HubDisk(FullDisk full, DatabaseMode mode, SeraiProperties settings) {
        this.full = full;
        this.mode = mode;
        this.dataDirectory = settings.dataDirectory().toFile();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("serai.database.disk.full", () -> full.wasMetLately() ? 1 : 0)
                .description("1 where something could not be written within the last minute, since the database's disk is full").register(registry);
        if (mode == DatabaseMode.EMBEDDED) {
            Gauge.builder("serai.data.free", dataDirectory, File::getUsableSpace).strongReference(true).baseUnit("bytes")
                    .description("Room on the disk that holds the data directory").register(registry);
        }
    }
}
