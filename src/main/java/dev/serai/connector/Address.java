package dev.serai.connector;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.UriUtils;

/** Addresses of sources, as people and servers write them. */
final class Address {

    private static final Pattern PARTS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?([^#]*).*", Pattern.DOTALL);
    /** What may stand in a path or query, an escape among it; a lone percent sign is none. */
    private static final Pattern SOUND = Pattern.compile("%[0-9A-Fa-f]{2}|[A-Za-z0-9\\-._~!$&'()*+,;=:@/?]+");

    private Address() {}

    /** The address with every character escaped that has to be. What is escaped already stays as it is; a fragment, which no server sees, goes. */
    static String escaped(String address) {
        Matcher parts = PARTS.matcher(address);
        if (!parts.matches()) {
            return address;
        }
        String rest = parts.group(2);
        StringBuilder escaped = new StringBuilder(parts.group(1) == null ? "" : parts.group(1));
        Matcher sound = SOUND.matcher(rest);
        int done = 0;
        while (sound.find()) {
            escaped.append(UriUtils.encode(rest.substring(done, sound.start()), StandardCharsets.UTF_8)).append(sound.group());
            done = sound.end();
        }
        return escaped.append(UriUtils.encode(rest.substring(done), StandardCharsets.UTF_8)).toString();
    }

    /**
     * Adds parameters to the query; one of that name that is there is replaced.
     *
     * @param address    escaped
     * @param parameters names as they are, values escaped
     */
    static URI with(String address, Map<String, String> parameters) {
        String[] pathAndQuery = address.split("\\?", 2);
        List<String> query = new ArrayList<>();
        for (String own : pathAndQuery.length == 1 ? new String[0] : pathAndQuery[1].split("&")) {
            if (!own.isEmpty() && !parameters.containsKey(URLDecoder.decode(own.split("=", 2)[0], StandardCharsets.UTF_8))) {
                query.add(own);
            }
        }
        parameters.forEach((name, value) -> query.add(UriUtils.encode(name, StandardCharsets.UTF_8) + "=" + value));
        return URI.create(pathAndQuery[0] + "?" + String.join("&", query));
    }

    /** Where a reference leads that stands at an address; {@link URI#resolve} takes {@code ?page=2} for one of the directory. */
    static URI resolve(URI here, String reference) {
        String target = escaped(reference);
        return target.startsWith("?")
                ? URI.create(here.toString().split("\\?", 2)[0] + target)
                : here.resolve(target);
    }
}
