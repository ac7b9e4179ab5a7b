package dev.serai.docs;

import java.io.IOException;
import java.util.Arrays;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the pages' scripts and styles out of their WebJars, whatever version the pom has. */
@Configuration(proxyBeanMethods = false)
class DocsAssets implements WebMvcConfigurer {

    private static final int CACHE_SECONDS = 3600;

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/api/v1/docs/assets/**").setCachePeriod(CACHE_SECONDS)
                .addResourceLocations("classpath:/docs/").addResourceLocations(folderOf("swagger-ui/*/swagger-ui.css"));
        registry.addResourceHandler("/api/v1/redoc/assets/**").setCachePeriod(CACHE_SECONDS)
                .addResourceLocations(folderOf("redoc/*/bundles/redoc.standalone.js"));
    }

    private static Resource folderOf(String file) {
        String pattern = "classpath*:META-INF/resources/webjars/" + file;
        try {
            Resource[] found = new PathMatchingResourcePatternResolver().getResources(pattern);
            Resource first = Arrays.stream(found).findFirst()
                    .orElseThrow(() -> new IllegalStateException("The WebJar with " + file + " is not on the class path"));
            return first.createRelative("");
        } catch (IOException e) {
            throw new IllegalStateException("The class path could not be searched for " + file, e);
        }
    }
}
