package dev.serai.access;

/**
 * A credential just made. This is the only time that its secret exists in the clear.
 *
 * @param id by which it is listed and revoked
 */
public record Issued(String id, String secret) {

    @Override
    public String toString() {
        return "Issued[id=" + id + "]";
    }
}
