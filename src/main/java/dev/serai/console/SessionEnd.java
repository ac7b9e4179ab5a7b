package dev.serai.console;

import dev.serai.access.SignedOut;
import org.springframework.context.event.EventListener;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.stereotype.Component;

/** Ends the sessions of a user who is gone or has another password, at every hub. */
@Component
class SessionEnd {

    private final FindByIndexNameSessionRepository<?> sessions;

    SessionEnd(FindByIndexNameSessionRepository<?> sessions) {
        this.sessions = sessions;
    }

    @EventListener
    void end(SignedOut user) {
        sessions.findByPrincipalName(user.callerId()).keySet().forEach(sessions::deleteById);
    }
}
