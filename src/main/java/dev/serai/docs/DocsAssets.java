package dev.serai.docs;

import dev.serai.web.WebJar;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the pages' scripts and styles out of their WebJars, whatever version the pom has. */
@Configuration(proxyBeanMethods = false)
class DocsAssets implements WebMvcConfigurer {

    private static final int CACHE_SECONDS = 3600;

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/api/v1/docs/assets/**").setCachePeriod(CACHE_SECONDS)
                .addResourceLocations("classpath:/docs/").addResourceLocations(WebJar.folderOf("swagger-ui/*/swagger-ui.css"));
        registry.addResourceHandler("/api/v1/redoc/assets/**").setCachePeriod(CACHE_SECONDS)
                .addResourceLocations(WebJar.folderOf("redoc/*/bundles/redoc.standalone.js"));
    }
}
