package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.web.ApiException;
import java.security.Principal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A super admin's management of credentials. */
@RestController
@RequestMapping("/v1/access")
class AccessController {

    private final Tokens tokens;
    private final ApiKeys apiKeys;
    private final Users users;
    private final DemoCredentials demo;

    AccessController(Tokens tokens, ApiKeys apiKeys, Users users, DemoCredentials demo) {
        this.tokens = tokens;
        this.apiKeys = apiKeys;
        this.users = users;
        this.demo = demo;
    }

    @PostMapping(path = "/tokens", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Object> issueToken(@RequestBody JsonNode body, Principal caller) {
        Issued issued = tokens.issue(TokenRequest.of(body), caller.getName());
        return Map.of("data", Map.of("token_id", issued.id(), "token", issued.secret()));
    }

    @PostMapping(path = "/api-keys", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Object> issueKey(@RequestBody JsonNode body, Principal caller) {
        ApiKeyRequest wanted = ApiKeyRequest.of(body);
        Issued issued = apiKeys.issue(wanted.name(), wanted.rateLimitPerMinute(), caller.getName());
        return Map.of("data", Map.of("key_id", issued.id(), "api_key", issued.secret()));
    }

    @PostMapping(path = "/users", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Object> createUser(@RequestBody JsonNode body, Principal caller) {
        UserRequest wanted = UserRequest.of(body);
        if (demo.user(wanted.username()).isPresent() || !users.create(wanted, caller.getName())) {
            throw ApiException.conflict("There is a user '" + wanted.username() + "' already.");
        }
        return Map.of("data", Map.of("username", wanted.username()));
    }

    @PutMapping(path = "/users/{name}/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void changePassword(@PathVariable("name") String name, @RequestBody JsonNode body) {
        if (!users.changePassword(name, UserRequest.newPassword(body))) {
            throw noUser(name);
        }
    }

    @GetMapping("/users")
    Listing<Users.ListedUser> listUsers(
            @RequestParam(name = "page", required = false) String page, @RequestParam(name = "page_size", required = false) String size) {
        return users.list(PageRequest.of(page, size));
    }

    @DeleteMapping("/users/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeUser(@PathVariable("name") String name) {
        if (!users.remove(name)) {
            throw users.exists(name)
                    ? ApiException.conflict("'" + name + "' is the last super admin. Make another one first.")
                    : noUser(name);
        }
    }

    private static ApiException noUser(String name) {
        return ApiException.notFound("There is no user '" + name + "'. See GET /v1/access/users.");
    }

    @GetMapping("/tokens")
    Listing<Tokens.ListedToken> listTokens(
            @RequestParam(name = "page", required = false) String page, @RequestParam(name = "page_size", required = false) String size) {
        return tokens.list(PageRequest.of(page, size));
    }

    @GetMapping("/api-keys")
    Listing<ApiKeys.ListedKey> listKeys(
            @RequestParam(name = "page", required = false) String page, @RequestParam(name = "page_size", required = false) String size) {
        return apiKeys.list(PageRequest.of(page, size));
    }

    @DeleteMapping("/tokens/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revokeToken(@PathVariable("id") String id) {
        if (!tokens.revoke(id)) {
            throw ApiException.notFound("There is no token '" + id + "'. See GET /v1/access/tokens.");
        }
    }

    @DeleteMapping("/api-keys/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revokeKey(@PathVariable("id") String id) {
        if (!apiKeys.revoke(id)) {
            throw ApiException.notFound("There is no API key '" + id + "'. See GET /v1/access/api-keys.");
        }
    }
}
