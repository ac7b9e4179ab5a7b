package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.settings.StartupProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    @Test
    void readsWhatPlatformsHandOut() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://ann:p%40ss+w%3Ard@db.example:6432/hub?sslmode=require", "", "");

        assertThat(address).isEqualTo(
                new DatabaseAddress("jdbc:postgresql://db.example:6432/hub?sslmode=require", "ann", "p@ss+w:rd"));
    }

    @Test
    void leavesAnAddressOfJdbcAsItIs() {
        DatabaseAddress address = DatabaseAddress.parse(
                "jdbc:postgresql://one:5432,two:5432/hub?targetServerType=primary", "ann", "secret");

        assertThat(address.url()).isEqualTo("jdbc:postgresql://one:5432,two:5432/hub?targetServerType=primary");
        assertThat(address.user()).isEqualTo("ann");
    }

    @Test
    void prefersTheCredentialsThatAreGivenBesideTheAddress() {
        DatabaseAddress address = DatabaseAddress.parse("postgres://ann:old@db/hub", "bob", "new");

        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://db/hub", "bob", "new"));
    }

    @Test
    void neverShowsAPassword() {
        assertThat(DatabaseAddress.parse("jdbc:postgresql://db/hub?user=ann&password=secret", "", "secret")).asString()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql://db/hub", "db:5432/hub", "postgresql:hub", "postgresql://db", "jdbc:postgresql://ann:se cret@db/hub"})
    void refusesWhatIsNoAddressWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text, "", ""))
                .isInstanceOf(StartupProblem.class)
                .hasMessageContaining("SERAI_DB_URL")
                .hasMessageNotContaining("cret");
    }
}
