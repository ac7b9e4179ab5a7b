package dev.serai.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A device, a process of its own, that pulls page by page and acknowledges each page before the next. Prints events and seconds. */
public final class FeedLoad {

    private FeedLoad() {}

    /** Arguments: hub, device, most events. */
    public static void main(String[] args) throws Exception {
        URI hub = URI.create(args[0]);
        long most = Long.parseLong(args[2]);
        byte[] pull = Wire.get(hub, "/sync/pull?limit=500&device_id=" + args[1]);
        long events = 0;
        long from = System.nanoTime();
        try (Wire wire = new Wire(hub)) {
            StringBuilder ids = new StringBuilder();
            int found = 1;
            while (found > 0 && events < most) {
                String page = wire.call(pull);
                found = idsOf(page, ids);
                if (found > 0) {
                    String body = "{\"device_id\":\"" + args[1] + "\",\"event_ids\":[" + ids + "]}";
                    wire.call(Wire.post(hub, "/sync/ack", body.getBytes(StandardCharsets.US_ASCII)));
                }
                events += found;
            }
        }
        System.out.printf(Locale.ROOT, "%d %.3f%n", events, (System.nanoTime() - from) / 1e9);
    }

    private static int idsOf(String page, StringBuilder ids) {
        ids.setLength(0);
        int found = 0;
        for (int at = page.indexOf("\"event_id\":"); at >= 0; at = page.indexOf("\"event_id\":", at + 11)) {
            ids.append(found++ == 0 ? "" : ",").append(page, at + 11, page.indexOf(',', at));
        }
        return found;
    }
}
