package dev.serai.webhook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/** HMAC-SHA256, which all styles share; they differ in what is signed and how it is written. */
final class Hmac {

    private Hmac() {}

    /** The signature over both stretches, which are not joined first: a body may be large. */
    static byte[] of(byte[] key, byte[] prefix, byte[] body) {
        Mac mac = HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, key);
        mac.update(prefix);
        mac.update(body);
        return mac.doFinal();
    }

    /** Whether one of them is that signature. Takes the same time wherever they differ. */
    static boolean isAmong(List<byte[]> presented, byte[] expected) {
        boolean found = false;
        for (byte[] signature : presented) {
            found |= MessageDigest.isEqual(signature, expected);
        }
        return found;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empty where it is no base64. */
    static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty where it is no hexadecimal number. */
    static Optional<byte[]> hex(String text) {
        try {
            return Optional.of(HexFormat.of().parseHex(text.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
