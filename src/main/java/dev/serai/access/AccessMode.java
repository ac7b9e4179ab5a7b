package dev.serai.access;

import dev.serai.settings.StartupProblem;
import java.net.InetAddress;

/**
 * How open the hub is. Everything follows from where it listens: what only this machine can reach may be easy, the rest is closed.
 *
 * @param loopback only this machine reaches the hub
 * @param demo the demo credentials exist
 * @param open callers without credentials may use the paths that are open on trial
 */
public record AccessMode(boolean loopback, boolean demo, boolean open) {

    /** @param address where the server listens; null for every address of the machine */
    static AccessMode of(InetAddress address, boolean embedded, boolean demoWanted, String openSetting) {
        boolean loopback = address != null && address.isLoopbackAddress();
        boolean demo = loopback && (embedded || demoWanted);
        return new AccessMode(loopback, demo, isOpen(openSetting, demo));
    }

    private static boolean isOpen(String setting, boolean demo) {
        return switch (setting) {
            case "auto" -> demo;
            case "true" -> true;
            case "false" -> false;
            default -> throw new StartupProblem(
                    "serai.access.open is '" + setting + "'.",
                    "Set it to auto (open on a loopback address in embedded or demo mode), true or false.");
        };
    }
}
