package dev.serai.access;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Who may read and write one family of paths. Every bean of this type counts; of those that match, the most specific decides,
 * and a path without a rule does not exist (404). A variable named {@code store_id}, {@code terminal_id} or
 * {@code device_id} in the pattern is compared with the caller's scope: another's answers 404.
 */
public final class PathRule {

    /** By which kind of credentials a caller is recognised here. */
    enum Credentials {
        /** {@code Authorization: Bearer} for tokens, {@code Basic} for users. */
        AUTHORIZATION,
        /** {@code X-API-Key}. */
        API_KEY
    }

    private enum Openness { CLOSED, ON_TRIAL, ALWAYS }

    private final PathPattern pattern;
    private final Credentials credentials;
    private final Openness openness;
    private final Set<Role> readers;
    private final Set<Role> writers;
    private final boolean browser;

    private PathRule(PathPattern pattern, Credentials credentials, Openness openness, Set<Role> readers, Set<Role> writers, boolean browser) {
        this.pattern = pattern;
        this.credentials = credentials;
        this.openness = openness;
        this.readers = readers;
        this.writers = writers;
        this.browser = browser;
    }

    /** For everybody, always; credentials are not even looked at (a face may do so itself). */
    public static PathRule open(String pattern) {
        return closed(pattern, Credentials.AUTHORIZATION).openness(Openness.ALWAYS);
    }

    /** By token or user. Until {@link #readers} and {@link #writers} say more, for super admins only. */
    public static PathRule authorized(String pattern) {
        return closed(pattern, Credentials.AUTHORIZATION);
    }

    /** By API key, for every key. */
    public static PathRule apiKey(String pattern) {
        return closed(pattern, Credentials.API_KEY).readers(Role.API_CLIENT).writers(Role.API_CLIENT);
    }

    private static PathRule closed(String pattern, Credentials credentials) {
        PathPattern parsed = PathPatternParser.defaultInstance.parse(pattern);
        Set<Role> admin = EnumSet.of(Role.SUPER_ADMIN);
        return new PathRule(parsed, credentials, Openness.CLOSED, admin, admin, false);
    }

    /** Who may read besides a super admin. */
    public PathRule readers(Role... roles) {
        return new PathRule(pattern, credentials, openness, with(roles), writers, browser);
    }

    /** Who may write besides a super admin. */
    public PathRule writers(Role... roles) {
        return new PathRule(pattern, credentials, openness, readers, with(roles), browser);
    }

    /** Open to callers without credentials while the hub is on trial: see {@code serai.access.open}. */
    public PathRule openOnTrial() {
        return openness(Openness.ON_TRIAL);
    }

    /** People open this in a browser, so that a 401 makes it ask for a name and a password. */
    public PathRule browser() {
        return new PathRule(pattern, credentials, openness, readers, writers, true);
    }

    private PathRule openness(Openness changed) {
        return new PathRule(pattern, credentials, changed, readers, writers, browser);
    }

    private static Set<Role> with(Role... roles) {
        Set<Role> all = EnumSet.of(Role.SUPER_ADMIN);
        all.addAll(Arrays.asList(roles));
        return all;
    }

    PathPattern pattern() {
        return pattern;
    }

    Credentials credentials() {
        return credentials;
    }

    boolean isOpen() {
        return openness == Openness.ALWAYS;
    }

    boolean isOpenOnTrial() {
        return openness == Openness.ON_TRIAL;
    }

    boolean allows(Role role, boolean mutation) {
        return (mutation ? writers : readers).contains(role);
    }

    boolean asksBrowser() {
        return browser;
    }
}
