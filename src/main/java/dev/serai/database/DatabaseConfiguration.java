package dev.serai.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.serai.settings.SeraiProperties;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The pool depends on the database, so that Spring closes the pool first and stops the embedded server after it. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean
    DatabaseMode databaseMode(SeraiProperties settings) {
        return DatabaseMode.of(settings.db().url());
    }

    @Bean
    HubDatabase hubDatabase(SeraiProperties settings) {
        return HubDatabase.open(settings);
    }

    @Bean
    QuietLibraries quietLibraries() {
        return new QuietLibraries();
    }

    @Bean
    HikariDataSource dataSource(HubDatabase database, SeraiProperties settings, FullDisk disk) {
        Door door = new Door(database.address());
        HikariConfig config = new HikariConfig();
        config.setPoolName("serai");
        config.setDataSource(door);
        config.setMaximumPoolSize(settings.db().poolSize());
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(10));
        config.setExceptionOverride(disk);
        // A plan made while a table was small would scan it whole, page after page, while the first pull fills it.
        config.setConnectionInitSql("SET plan_cache_mode = force_custom_plan");
        return new HubPool(config, door);
    }

    @Bean
    Notices notices(HubDatabase database, ObjectProvider<NoticeListener> listeners) {
        return new Notices(database.address(), listeners.stream().toList());
    }
}
