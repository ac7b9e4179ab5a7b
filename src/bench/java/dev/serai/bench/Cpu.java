package dev.serai.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time used so far, in seconds: of this JVM, which is the hub and the source beside it, and of PostgreSQL. With two cores for all
 * of them it says more about what a page costs than the clock does.
 */
record Cpu(double jvm, double postgres) {

    private static final double TICKS_PER_SECOND = 100;

    static Cpu now() {
        return now(0);
    }

    /** Of one PostgreSQL server only, by its process number; 0 for all. */
    static Cpu now(long postmaster) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Cpu(system.getProcessCpuTime() / 1e9, postgresTicks(postmaster) / TICKS_PER_SECOND);
    }

    Cpu since(Cpu before) {
        return new Cpu(jvm - before.jvm, postgres - before.postgres);
    }

    private static long postgresTicks(long postmaster) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes.filter(p -> p.getFileName().toString().matches("\\d+")).mapToLong(p -> ticks(p, postmaster)).sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Of a process named postgres, with what its ended children used; 0 of any other. */
    private static long ticks(Path process, long postmaster) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ours = postmaster == 0 || Long.parseLong(fields[1]) == postmaster || process.endsWith(Long.toString(postmaster));
            return ours && stat.contains("(postgres)")
                    ? Stream.of(11, 12, 13, 14).mapToLong(i -> Long.parseLong(fields[i])).sum()
                    : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
