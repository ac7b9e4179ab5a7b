package dev.serai.access;

import java.io.Serializable;

/**
 * What a caller is confined to: one store, one terminal or one device. At most one id is set; none means everything.
 */
public record Scope(String storeId, String terminalId, String deviceId) implements Serializable {

    public static final Scope ALL = new Scope(null, null, null);

    public static Scope store(String id) {
        return new Scope(id, null, null);
    }

    public static Scope terminal(String id) {
        return new Scope(null, id, null);
    }

    public static Scope device(String id) {
        return new Scope(null, null, id);
    }

    public boolean isAll() {
        return equals(ALL);
    }
}
