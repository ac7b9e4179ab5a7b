package dev.serai.retail;

import dev.serai.access.Logins;
import dev.serai.contract.ApiRequest;
import dev.serai.watch.Audit;
import dev.serai.watch.AuditEntry;
import dev.serai.web.ApiException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Logs people in, and leaves an audit entry also of those who failed. */
@Component
class LoginDesk {

    private final Logins logins;
    private final Audit audit;

    LoginDesk(Logins logins, Audit audit) {
        this.logins = logins;
        this.audit = audit;
    }

    Map<String, Object> login(ApiRequest request) {
        String username = request.body().path("username").asText();
        try {
            Logins.Login login = logins.login(username, request.body().path("password").asText(), request.address());
            record(username, request, 200);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("access_token", login.token());
            answer.put("token_type", "bearer");
            answer.put("expires_in", login.lifetime().toSeconds());
            return answer;
        } catch (ApiException e) {
            record(username, request, e.status());
            throw e;
        }
    }

    private void record(String username, ApiRequest request, int status) {
        audit.record(new AuditEntry(
                "anonymous", username, null, "login", "user " + username, Integer.toString(status), Map.of("address", request.address())));
    }
}
