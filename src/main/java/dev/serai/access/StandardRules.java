package dev.serai.access;

import static dev.serai.access.Role.DEVICE;
import static dev.serai.access.Role.SCRAPER;
import static dev.serai.access.Role.STORE;
import static dev.serai.access.Role.TERMINAL;
import static dev.serai.access.Role.VIEWER;

import java.util.List;
import java.util.stream.Stream;

/** The rules of the five documents and of the hub's own pages. */
final class StandardRules {

    /** Pages without data, and health as load balancers ask for it. Sockets are let through to their own handshake. */
    private static final List<String> OPEN = List.of(
            "/api/ping", "/api/login", "/ws", "/socket.io/**",
            "/health", "/api/v1/health", "/api/v1/monitoring/health/detailed",
            "/actuator/health", "/actuator/health/**",
            "/v1/webhooks/**", "/v1/stores/{store_id}/sync/events/stream",
            "/api/v1/docs", "/api/v1/docs/**", "/api/v1/redoc", "/api/v1/redoc/**", "/api/v1/openapi.json", "/api/v1/openapi/**",
            "/docs", "/docs/**", "/webjars/**", "/favicon.ico");

    private static final List<String> BY_API_KEY =
            List.of("/api/pms/**", "/api/products", "/api/products/**", "/api/inventory/**", "/api/analytics/**");

    private StandardRules() {}

    static List<PathRule> all() {
        return Stream.of(OPEN.stream().map(PathRule::open), BY_API_KEY.stream().map(PathRule::apiKey), byToken())
                .flatMap(rules -> rules)
                .toList();
    }

    private static Stream<PathRule> byToken() {
        return Stream.of(
                PathRule.authorized("/").readers(VIEWER).openOnTrial().browser(),
                PathRule.authorized("/api/v1/**").readers(VIEWER).openOnTrial(),
                PathRule.authorized("/api/v1/monitoring/metrics/prometheus").readers(VIEWER, SCRAPER).openOnTrial(),
                PathRule.authorized("/sync/**").readers(DEVICE, VIEWER).writers(DEVICE).openOnTrial(),
                PathRule.authorized("/api/pos/**").readers(TERMINAL, VIEWER).writers(TERMINAL),
                PathRule.authorized("/v1/**").readers(STORE, VIEWER).writers(STORE),
                PathRule.authorized("/v1/stores/{store_id}/**").readers(STORE, VIEWER).writers(STORE),
                PathRule.authorized("/v1/access/**"),
                PathRule.authorized("/actuator").browser(),
                PathRule.authorized("/actuator/prometheus").readers(SCRAPER).browser(),
                PathRule.authorized("/actuator/**").browser());
    }
}
