package dev.serai.console;

import dev.serai.watch.FlowSamples.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Lines over time, drawn on the server, so that the page needs no script.
 *
 * @param accepted points of an SVG polyline
 * @param applied  likewise
 * @param highest  what the top of the chart means, in changes a second
 * @param summary  for those who hear the page
 */
record Chart(String title, String accepted, String applied, double highest, String summary) {

    static final int WIDTH = 600;
    static final int HEIGHT = 120;

    static Chart of(String title, List<Flow> flows, Instant now, Duration window) {
        double top = Math.max(1, flows.stream().mapToDouble(flow -> Math.max(flow.accepted(), flow.applied())).max().orElse(1));
        String summary = String.format(Locale.ROOT, "%s: at most %.1f accepted or applied changes a second", title, top);
        return new Chart(
                title,
                points(flows, Flow::accepted, top, now, window),
                points(flows, Flow::applied, top, now, window),
                top,
                summary);
    }

    private static String points(List<Flow> flows, ToDoubleFunction<Flow> value, double top, Instant now, Duration window) {
        StringBuilder points = new StringBuilder();
        for (Flow flow : flows) {
            double age = Duration.between(flow.at(), now).toMillis() / (double) window.toMillis();
            double x = Math.max(0, WIDTH * (1 - age));
            double y = HEIGHT - HEIGHT * value.applyAsDouble(flow) / top;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        return points.toString().strip();
    }
}
