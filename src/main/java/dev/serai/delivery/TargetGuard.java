package dev.serai.delivery;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/**
 * Resolves the hosts of stores' endpoints, and refuses addresses inside the hub's own network: whoever may configure a store must not reach
 * what only the hub can reach. It is the connection's own resolver, so that the address checked is the one connected to.
 */
@Component
public class TargetGuard implements DnsResolver {

    private static final List<IpAddressMatcher> INNER = Stream.of(
                    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
                    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
                    // Loopback, unspecified and IPv4-compatible; discard; translated (NAT64); Teredo and others; 6to4; unique local;
                    // link-local; site-local; multicast.
                    "::/96", "100::/64", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10",
                    "ff00::/8")
            .map(IpAddressMatcher::new)
            .toList();

    private final List<IpAddressMatcher> allowed;

    /** Says which target was refused, and how it could be allowed. */
    static final class TargetRefused extends UnknownHostException {

        TargetRefused(String host, InetAddress address) {
            super("its host " + host + " has the address " + address.getHostAddress()
                    + ", which is inside a private network. SERAI_DELIVERY_ALLOW can allow it");
        }
    }

    TargetGuard(@Value("${serai.deliveries.allow:}") String allow) {
        this.allowed = Arrays.stream(allow.split(",")).map(String::strip).filter(range -> !range.isEmpty()).map(TargetGuard::range).toList();
    }

    private static IpAddressMatcher range(String text) {
        try {
            return new IpAddressMatcher(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("SERAI_DELIVERY_ALLOW has '" + text + "', which is no range like 10.0.0.0/8");
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        for (InetAddress address : addresses) {
            if (!isAllowed(address)) {
                throw new TargetRefused(host, address);
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }

    /** Whether deliveries may be sent there. */
    boolean isAllowed(InetAddress address) {
        String text = textOf(address);
        return matches(allowed, text) || !matches(INNER, text);
    }

    private static boolean matches(List<IpAddressMatcher> ranges, String address) {
        return ranges.stream().anyMatch(range -> range.matches(address));
    }

    /** Without the zone of a link-local address, which no range has. */
    private static String textOf(InetAddress address) {
        String text = address.getHostAddress();
        int zone = address instanceof Inet6Address ? text.indexOf('%') : -1;
        return zone < 0 ? text : text.substring(0, zone);
    }
}
