package dev.serai.live;

import dev.serai.database.NoticeListener;

/**
 * Lets go of connections whose credentials were revoked or removed, or whose user has another password, on whichever hub that was done. What is
 * missed while the database cannot be heard stays open until it is closed.
 */
final class EndedCredentials implements NoticeListener {

    private final LiveCore core;

    EndedCredentials(LiveCore core) {
        this.core = core;
    }

    /** By triggers on the tables that credentials are in. */
    @Override
    public String channel() {
        return "serai_credentials";
    }

    @Override
    public void told(String callerId) {
        core.sessions().stream().filter(session -> callerId.equals(session.callerId()))
                .forEach(session -> session.close(CloseCode.POLICY, "The credentials of this connection were revoked"));
    }
}
