package dev.serai.bench;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.JdbcTemplate;

/** Every page of the console, its parts, and the APIs that stand on the same queries, over a million records and a hundred thousand failures. */
final class ConsoleBenchmark {

    private static final double TARGET = 100;
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final int records = Integer.getInteger("records", 1_000_000);
    private final int rounds = Integer.getInteger("rounds", 40);
    private final BenchHub hub;
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    ConsoleBenchmark(BenchHub hub) {
        this.hub = hub;
    }

    private record Question(String name, String path) {}

    void run() throws Exception {
        ConsoleData data = new ConsoleData(records, hub);
        for (String store : data.stores()) {
            call("/v1/stores/" + store + "/sync/configure", """
                    {"sync_frequency": "manual", "entities": [{"type": "products", "direction": "to_platform",
                     "conflict_resolution": "manual_resolution"}], "webhook_config": {"endpoint": "http://127.0.0.1:9/", "secret": "bench-secret"}}""");
        }
        data.fill();
        signIn();
        List<Question> questions = questions();
        for (int round = 0; round < 5; round++) {
            questions.forEach(question -> millis(question.path()));
        }
        System.out.printf(Locale.ROOT, "%,d records, %,d failures, %,d held, %,d conflicts, %,d runs; %d times each%n",
                hub.count("record"), hub.count("dead_letter"), hub.count("hold"), hub.count("conflict"), hub.count("run"), rounds);
        System.out.println("| Asked for | median ms | p95 ms | target 100 ms |\n|---|---|---|---|");
        questions.forEach(this::measure);
    }

    private void measure(Question question) {
        double[] taken = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            taken[round] = millis(question.path());
        }
        Arrays.sort(taken);
        double p95 = taken[(int) Math.ceil(rounds * 0.95) - 1];
        System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %s |%n", question.name(), taken[rounds / 2], p95, p95 <= TARGET ? "met" : "**missed**");
    }

    private List<Question> questions() {
        JdbcTemplate sql = hub.bean(JdbcTemplate.class);
        List<Question> all = new ArrayList<>();
        pages(all, sql);
        parts(all);
        apis(all, sql);
        return all;
    }

    private void pages(List<Question> all, JdbcTemplate sql) {
        long failures = sql.queryForObject("SELECT count(*) FROM dead_letter", Long.class);
        long inGroup = sql.queryForObject("SELECT count(*) FROM dead_letter WHERE entity_type = 'orders' AND error_type = 'MISSING_KEY'", Long.class);
        long parents = sql.queryForObject("SELECT count(*) FROM (SELECT DISTINCT parent_entity, parent_key FROM hold) p", Long.class);
        long conflicts = sql.queryForObject("SELECT count(*) FROM conflict WHERE store_id = 'store_1' AND status = 'resolved'", Long.class);
        String run = sql.queryForObject("SELECT bench.run(21)::text", String.class);
        String group = "/console/dead-letters?entity=orders&stage=validate&error=MISSING_KEY";
        add(all, "overview", "/console");
        add(all, "runs", "/console/runs");
        add(all, "runs, an entity's that failed", "/console/runs?entity=orders&status=FAILED");
        add(all, "runs, last page", "/console/runs?page=" + last(ConsoleData.RUNS));
        add(all, "one run", "/console/runs/" + run);
        add(all, "holds", "/console/holds");
        add(all, "holds, last page", "/console/holds?page=" + last(parents));
        add(all, "conflicts", "/console/conflicts?store=store_1");
        add(all, "conflicts decided, last page", "/console/conflicts?store=store_1&status=resolved&page=" + last(conflicts));
        add(all, "dead letters", "/console/dead-letters");
        add(all, "dead letters, last page", "/console/dead-letters?page=" + last(failures));
        add(all, "dead letters, a group", group);
        add(all, "dead letters, a group's last page", group + "&page=" + last(inGroup));
        add(all, "dead letters, an entity's", "/console/dead-letters?entity=products");
        add(all, "one dead letter", "/console/dead-letters/" + sql.queryForObject("SELECT max(id) FROM dead_letter", Long.class));
        add(all, "records", "/console/records");
        add(all, "records, a key", "/console/records?q=k" + records / 2);
        add(all, "records, k…", "/console/records?q=k");
        add(all, "records, k1… of orders", "/console/records?q=k1&entity=orders");
        add(all, "a record's life", "/console/record?entity=customers&key=k" + records / 2 / 20 * 20);
        add(all, "a long life, last page", "/console/record?entity=customers&key=long-life&page=" + last(ConsoleData.LONG_LIFE));
        add(all, "stores", "/console/stores");
        add(all, "one store", "/console/stores/store_1");
        add(all, "routes", "/console/routes");
        add(all, "a route file", "/console/routes/file?name=routes/upkeep.camel.yaml");
        add(all, "live", "/console/live");
    }

    private void parts(List<Question> all) {
        add(all, "part: now", "/console/parts/now");
        add(all, "part: charts", "/console/parts/charts");
        add(all, "part: health", "/console/parts/health");
        add(all, "part: live", "/console/parts/live");
        add(all, "part: a parent's children", "/console/holds/children?entity=orders&key=missing-big");
    }

    private void apis(List<Question> all, JdbcTemplate sql) {
        String run = sql.queryForObject("SELECT bench.run(21)::text", String.class);
        long failures = sql.queryForObject("SELECT count(*) FROM dead_letter", Long.class);
        long holds = sql.queryForObject("SELECT count(*) FROM hold", Long.class);
        for (String path : List.of(
                "/api/v1/sync/status/" + run,
                "/api/v1/sync/history?page_size=100",
                "/api/v1/sync/history?entity_name=orders&status=failed",
                "/api/v1/monitoring/stats",
                "/api/v1/monitoring/failed-records?page_size=100",
                "/api/v1/monitoring/failed-records?page_size=100&page=" + failures / 100,
                "/api/v1/monitoring/failed-records?entity_name=orders&stage=validate&error_type=MISSING_KEY",
                "/api/v1/monitoring/failed-records?batch_uid=" + run,
                "/api/v1/monitoring/pending-children?page_size=100",
                "/api/v1/monitoring/pending-children?page_size=100&page=" + holds / 100,
                "/api/v1/monitoring/pending-children?parent_entity=customers",
                "/api/v1/monitoring/metrics/prometheus",
                "/api/v1/ledger",
                "/api/v1/ledger?batch_uid=" + run,
                "/api/v1/records/customers/k" + records / 2 / 20 * 20,
                "/api/v1/records/customers/long-life/versions?page=4&page_size=100",
                "/v1/stores/store_1/sync/status",
                "/v1/stores/store_1/sync/history",
                "/v1/stores/store_1/sync/conflicts",
                "/v1/stores/store_1/sync/conflicts?status=resolved&entity_type=products&page=40&limit=100",
                "/v1/monitoring/metrics",
                "/v1/monitoring/alerts")) {
            add(all, "`" + path.replace(run, "…") + "`", path);
        }
    }

    private static void add(List<Question> all, String name, String path) {
        all.add(new Question(name, path));
    }

    private static long last(long total) {
        return (total + 24) / 25;
    }

    private void signIn() throws Exception {
        Matcher token = CSRF.matcher(call("/console/login", null).body());
        if (!token.find()) {
            throw new IllegalStateException("The sign-in form has no token");
        }
        HttpResponse<String> in = http.send(
                HttpRequest.newBuilder(URI.create(hub.url() + "/console/login")).header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=demo&password=demo&_csrf=" + token.group(1))).build(),
                BodyHandlers.ofString());
        String target = in.headers().firstValue("Location").orElse("");
        if (in.statusCode() != 302 || !target.endsWith("/console")) {
            throw new IllegalStateException("Signing in was answered " + in.statusCode() + " " + target);
        }
    }

    private double millis(String path) {
        try {
            long from = System.nanoTime();
            HttpResponse<String> answer = call(path, null);
            double millis = (System.nanoTime() - from) / 1e6;
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " was answered " + answer.statusCode() + " " + answer.body());
            }
            return millis;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(path, e);
        }
    }

    private HttpResponse<String> call(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.url() + path));
        if (!path.startsWith("/console")) {
            request.header("Authorization", "Bearer demo-token");
        }
        if (body != null) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
