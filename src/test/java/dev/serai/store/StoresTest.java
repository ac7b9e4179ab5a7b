package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.rules.SyncRule;
import dev.serai.testing.Core;
import dev.serai.web.ApiException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class StoresTest {

    private final Core core = new Core();
    private final Stores stores = core.bean(Stores.class);

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void everyChangeIsAVersionThatStaysAndWhatChangesNothingIsNone() {
        stores.create(config("s1"), null, "ada");
        stores.change("s1", "bob", store -> store.withRules(List.of(new SyncRule("r", "products", "price", "always", "newest_wins"))));
        stores.change("s1", "eve", store -> store);

        assertThat(stores.get("s1").version()).isEqualTo(2);
        assertThat(stores.get("s1").rules()).singleElement().extracting(SyncRule::field).isEqualTo("price");
        assertThat(stores.versions("s1", 1, 10)).extracting(StoreVersion::savedBy).containsExactly("bob", "ada");
        assertThat(stores.versions("s1", 1, 10).get(1).configuration().path("rules")).isEmpty();
    }

    @Test
    void aConfigurationComesBackAsItWasGiven() {
        StoreConfig given = config("s1");

        stores.create(given, null, "ada");

        assertThat(otherHub().get("s1")).isEqualTo(given.withVersion(1));
    }

    @Test
    void aRotatedSecretIsGoodForADayBesideTheNewOne() {
        stores.create(config("s1"), "first secret", "ada");
        stores.change("s1", "ada", "second secret", store -> store);

        assertThat(stores.secrets("s1")).extracting(Secret::value).containsExactly("second secret", "first secret");
        core.clock.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(stores.secrets("s1")).hasSize(2);
        core.clock.advance(Duration.ofSeconds(1));
        assertThat(stores.secrets("s1")).extracting(Secret::value).containsExactly("second secret");
    }

    @Test
    void theSameSecretAgainRotatesNothing() {
        stores.create(config("s1"), "the secret", "ada");
        stores.change("s1", "ada", "the secret", store -> store);

        assertThat(stores.secrets("s1")).hasSize(1);
        assertThat(stores.get("s1").version()).isEqualTo(1);
    }

    @Test
    void secretsAreSealedInTheDatabaseAndShownByNoText() {
        stores.create(config("s1"), "the secret", "ada");

        byte[] kept = core.jdbc().queryForObject("SELECT sealed FROM store_secret", byte[].class);
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain("the secret");
        assertThat(core.jdbc().queryForObject("SELECT string_agg(config::text, '') FROM store_config_version", String.class))
                .doesNotContain("the secret");
        assertThat(stores.secrets("s1").toString()).doesNotContain("the secret");
    }

    @Test
    void anotherHubSeesAChangeWithinASecondOrTwo() {
        stores.create(config("s1"), "the secret", "ada");
        Stores other = otherHub();
        assertThat(other.get("s1").paused()).isFalse();

        stores.setPaused("s1", true);

        await().atMost(Duration.ofSeconds(2)).until(() -> other.get("s1").paused());
    }

    @Test
    void aChangeThatIsRolledBackIsNeverSeenAndTheNextOneIs() {
        stores.create(config("s1"), null, "ada");
        TransactionTemplate transaction = new TransactionTemplate(core.bean(JdbcTransactionManager.class));
        transaction.executeWithoutResult(status -> {
            stores.change("s1", "ada", store -> store.withWebhook(null));
            status.setRollbackOnly();
        });
        assertThat(stores.get("s1").webhook()).isNotNull();

        stores.setPaused("s1", true);

        assertThat(stores.get("s1").paused()).isTrue();
        assertThat(stores.get("s1").webhook()).isNotNull();
    }

    @Test
    void pausingTwiceIsOnePause() {
        stores.create(config("s1"), null, "ada");

        assertThat(stores.setPaused("s1", true)).isTrue();
        assertThat(stores.setPaused("s1", true)).isFalse();
        assertThat(stores.setPaused("s1", false)).isTrue();
        assertThat(stores.get("s1").version()).isEqualTo(1);
    }

    @Test
    void anUnknownStoreIsNotFound() {
        assertThat(stores.find("nobody")).isEmpty();
        assertThat(stores.secrets("nobody")).isEmpty();
        assertThatThrownBy(() -> stores.change("nobody", "ada", store -> store)).isInstanceOf(ApiException.class).hasMessageContaining("nobody");
    }

    @Test
    void storesAreFoundByTheEntityTheySync() {
        stores.create(config("s1"), null, "ada");

        assertThat(stores.syncing("products")).extracting(StoreConfig::storeId).containsExactly("s1");
        assertThat(stores.syncing("orders")).isEmpty();
    }

    @Test
    void withItsOwnDatabaseTheHubMakesAKeyThatOnlyItsUserReads(@TempDir Path data) throws Exception {
        byte[] sealed = new Seal("", "", data.toString()).close("the secret");

        assertThat(new Seal("", "", data.toString()).open(sealed)).isEqualTo("the secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secret.key")))).isEqualTo("rw-------");
    }

    @Test
    void onAnExternalDatabaseASecretWithoutAKeyIsRefusedAndNamesTheVariable(@TempDir Path data) {
        assertThatThrownBy(() -> new Seal("", "postgresql://db/serai", data.toString()).close("the secret"))
                .isInstanceOf(ApiException.class).hasMessageContaining("SERAI_SECRET_KEY");
        assertThatThrownBy(() -> new Seal("short", "", data.toString())).hasMessageContaining("openssl rand");
    }

    /** Another look at the same database, as another hub has it. */
    private Stores otherHub() {
        StoreTable table = core.bean(StoreTable.class);
        return new Stores(table, core.bean(Seal.class), core.bean(JdbcTransactionManager.class), core.clock);
    }

    static StoreConfig config(String storeId) {
        EntityConfig products = new EntityConfig(
                "products", Direction.BIDIRECTIONAL, "last_write_wins", List.of("title", "price"), List.of("id"), "updated_at",
                DeleteMarker.USUAL, List.of(), Set.of("internal_notes"), null, true);
        return new StoreConfig(
                storeId, 0, false, Frequency.REAL_TIME, List.of(products), List.of(),
                new WebhookTarget(URI.create("https://store.example.com/webhooks/sync"), true));
    }
}
