package dev.serai.retail;

import dev.serai.access.AccessMode;
import dev.serai.access.Caller;
import dev.serai.access.Credentials;
import dev.serai.access.Role;
import dev.serai.device.NewEvent;
import dev.serai.live.Handshake;
import dev.serai.live.LiveClient;
import dev.serai.live.LiveEndpoint;
import dev.serai.live.SocketIoFace;
import dev.serai.web.ApiException;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Lets devices in at {@code /ws} and over socket.io. Without credentials only where the face is open; wrong ones are refused everywhere. Of
 * socket.io's clients it takes those that no other face knows.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class DeviceSockets implements LiveEndpoint, SocketIoFace {

    private static final Set<Role> ROLES = Set.of(Role.SUPER_ADMIN, Role.DEVICE, Role.VIEWER);

    private final Credentials credentials;
    private final AccessMode mode;
    private final DeviceDesk desk;

    DeviceSockets(Credentials credentials, AccessMode mode, DeviceDesk desk) {
        this.credentials = credentials;
        this.mode = mode;
        this.desk = desk;
    }

    @Override
    public String path() {
        return "/ws";
    }

    @Override
    public LiveClient accept(Handshake handshake) {
        String header = handshake.header("Authorization");
        Caller caller = header == null ? null : known(credentials.byAuthorization(header, handshake.address()));
        return client(handshake, caller, handshake.query("device_id"));
    }

    @Override
    public Optional<LiveClient> acceptSocketIo(Handshake handshake) {
        String device = handshake.auth().path("device_id").asText("");
        String token = handshake.auth().path("token").asText("");
        String header = handshake.header("Authorization");
        Caller caller = null;
        if (!token.isEmpty()) {
            caller = known(credentials.byToken(token));
        } else if (header != null) {
            caller = known(credentials.byAuthorization(header, handshake.address()));
        }
        return Optional.of(client(handshake, caller, device.isEmpty() ? handshake.query("device_id") : device));
    }

    private static Caller known(Optional<Caller> caller) {
        return caller.orElseThrow(() -> ApiException.of(401, "These credentials are unknown, expired or revoked."));
    }

    private DeviceClient client(Handshake handshake, Caller caller, String named) {
        if (caller == null && !mode.open()) {
            throw ApiException.of(401, "Connect with a device's token: Authorization: Bearer <token>, or auth.token over socket.io.");
        }
        if (caller != null && !ROLES.contains(caller.role())) {
            throw ApiException.of(403, "The role " + caller.role().key() + " may not do this.");
        }
        if (named != null && (named.isBlank() || named.length() > NewEvent.LONGEST_NAME || named.indexOf('\0') >= 0)) {
            throw ApiException.of(422, "device_id has 1 to " + NewEvent.LONGEST_NAME + " characters, none of them NUL.");
        }
        String own = caller == null ? null : caller.scope().deviceId();
        if (caller != null && !caller.scope().isAll() && (own == null || named != null && !named.equals(own))) {
            throw ApiException.notFound("There is no device '" + named + "' that these credentials can see.");
        }
        return new DeviceClient(desk, caller, named == null ? own : named, handshake.address());
    }
}
