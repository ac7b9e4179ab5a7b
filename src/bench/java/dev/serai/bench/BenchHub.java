package dev.serai.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.serai.Serai;
import dev.serai.journal.Journal;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.RunWorkers;
import dev.serai.run.Runs;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.SyncType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.boot.SpringApplication;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/** The whole hub in this JVM, on its own routes and an embedded PostgreSQL of its own. */
final class BenchHub implements AutoCloseable {

    private static final String ENTITY = "customers";

    private final Path data;
    private final ConfigurableApplicationContext spring;
    private final JdbcTemplate jdbc;

    BenchHub(SourceServer source) {
        try {
            data = Files.createTempDirectory("serai-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        spring = SpringApplication.run(
                Serai.class,
                "--server.port=0",
                "--serai.data-dir=" + data,
                "--serai.db.binaries-dir=" + Path.of("target", "postgres-binaries").toAbsolutePath(),
                "--serai.connector-url=" + source.url(),
                "--serai.deliveries.allow=127.0.0.0/8",
                "--logging.level.root=WARN");
        jdbc = spring.getBean(JdbcTemplate.class);
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return spring.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    DataSource database() {
        return spring.getBean(DataSource.class);
    }

    /** Where the pool gets its connections: address, user and password for whoever makes connections of his own. */
    DriverManagerDataSource server() {
        return (DriverManagerDataSource) spring.getBean(HikariDataSource.class).getDataSource();
    }

    Journal journal() {
        return spring.getBean(Journal.class);
    }

    void execute(String sql) {
        jdbc.execute(sql);
    }

    void stopRoutes(String... ids) {
        try {
            for (String id : ids) {
                spring.getBean(CamelContext.class).getRouteController().stopRoute(id);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    void forgetCached() {
        CacheManager caches = spring.getBean(CacheManager.class);
        caches.getCacheNames().forEach(name -> caches.getCache(name).clear());
    }

    /** Pulls the source to its end, as {@code POST /api/v1/sync} would; answers what became of the records. */
    Tally pull(int pageSize) {
        Runs runs = spring.getBean(Runs.class);
        Run run = runs.create(new SyncRequest(
                ENTITY, ENTITY, List.of("id"), SyncType.FULL, pageSize, null, null, "updated_at", false));
        spring.getBean(RunWorkers.class).takeUp();
        Run now = run;
        while (now.status() == RunStatus.PENDING || now.status() == RunStatus.RUNNING) {
            pause(25);
            now = runs.find(run.runId()).orElseThrow();
        }
        if (now.status() != RunStatus.COMPLETED) {
            throw new IllegalStateException("The pull " + now.status().text() + ": " + now.errorMessage());
        }
        return spring.getBean(Ledger.class).tallies(List.of(run.runId())).get(run.runId());
    }

    /** Records in the hub, nothing else; between runs only. */
    void empty() {
        jdbc.execute("TRUNCATE journal, record, hold, pending, dead_letter, delivery, run_seen, run, ledger");
    }

    /** What autovacuum and the checkpointer would do at a time of their own choosing is done before the clock runs. */
    void settle() {
        jdbc.execute("VACUUM ANALYZE record, journal, bench.bare");
        jdbc.execute("CHECKPOINT");
    }

    /** Bytes of WAL between two readings are exact, where {@code pg_stat_wal} lags behind by seconds; they are the same bytes. */
    long walPosition() {
        return jdbc.queryForObject("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint", Long.class);
    }

    /** The process of this hub's own PostgreSQL: other servers on the machine are not its cost. */
    long postmaster() {
        int backend = jdbc.queryForObject("SELECT pg_backend_pid()", Integer.class);
        return ProcessHandle.of(backend).flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElse(0L);
    }

    void execute(String sql, Object... parameters) {
        jdbc.update(sql, parameters);
    }

    long count(String table) {
        return jdbc.queryForObject("SELECT count(*) FROM " + table, Long.class);
    }

    /** Between two looks at how far the hub is. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        spring.close();
        try {
            FileSystemUtils.deleteRecursively(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
