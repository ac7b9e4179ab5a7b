package dev.serai.catalog;

import org.springframework.context.annotation.ComponentScan;

/** The catalog on top of a core. */
@ComponentScan({"dev.serai.catalog", "dev.serai.redis"})
final class CatalogBeans {

    private CatalogBeans() {}
}
