package dev.serai.retail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.live.LiveClient;
import dev.serai.live.LiveSession;
import dev.serai.live.Reply;
import dev.serai.web.ApiException;
import dev.serai.web.HalfCharacters;

/** One connected device, or somebody who watches devices. */
final class DeviceClient implements LiveClient {

    static final String TOPIC = "devices";

    private final DeviceDesk desk;
    private final Caller caller;
    private final String device;
    private final String address;

    /**
     * One connection.
     *
     * @param caller null where nobody said who they are
     * @param device null where none was named
     */
    DeviceClient(DeviceDesk desk, Caller caller, String device, String address) {
        this.desk = desk;
        this.caller = caller;
        this.device = device;
        this.address = address;
    }

    @Override
    public String countedAs() {
        String who = caller == null ? address : caller.id();
        return device == null ? who : who + " " + device;
    }

    @Override
    public String callerId() {
        return caller == null ? null : caller.id();
    }

    @Override
    public void opened(LiveSession session) {
        session.send("connected", JsonNodeFactory.instance.objectNode().put("message", "Connected to sync server"));
        if (device == null) {
            session.subscribe(TOPIC);
        } else {
            session.follow(TOPIC, 0, (position, limit) -> desk.missed(device, position, limit));
        }
    }

    @Override
    public void received(LiveSession session, String event, JsonNode data, Reply reply) {
        if (HalfCharacters.areIn(data)) {
            throw ApiException.badRequest("data has half of a surrogate pair, which is no character.");
        }
        switch (event) {
            case "critical_event" -> desk.accept(session, SocketEvents.critical(data, this, desk.push()), reply);
            case "sync_update" -> desk.accept(session, SocketEvents.update(data, this), reply);
            case "acknowledge" -> desk.acknowledge(SocketEvents.acknowledgement(data, this), who(), reply);
            default -> throw ApiException.badRequest(
                    "There is no event '" + shortened(event) + "'. There are critical_event, acknowledge and sync_update.");
        }
    }

    private static String shortened(String name) {
        return name.length() <= 60 ? name : name.substring(0, 60) + "…";
    }

    boolean isKnown() {
        return caller != null;
    }

    String who() {
        return caller == null ? "anonymous" : caller.id();
    }

    /** Whose data it is that it sends without naming a device. */
    String deviceOrCaller() {
        return device == null ? who() : device;
    }

    /** @throws ApiException where it may not speak for this device, or for any */
    void requireMaySpeakFor(String deviceId) {
        if (caller != null && caller.role() == Role.VIEWER) {
            throw ApiException.of(403, "A viewer sends nothing.");
        }
        if (caller != null && !caller.scope().isAll() && !deviceId.equals(caller.scope().deviceId())) {
            throw ApiException.notFound("There is no device '" + deviceId + "' that these credentials can see.");
        }
    }
}
