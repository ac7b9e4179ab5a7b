package dev.serai.console;

import dev.serai.web.WebJar;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the pages' style and script from within. */
@Configuration(proxyBeanMethods = false)
class ConsoleAssets implements WebMvcConfigurer {

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/console/assets/**")
                .addResourceLocations("classpath:/console/")
                .addResourceLocations(WebJar.folderOf("htmx.org/*/dist/htmx.min.js"), WebJar.folderOf("picocss__pico/*/css/pico.min.css"))
                .setCacheControl(CacheControl.maxAge(1, TimeUnit.HOURS));
    }
}
