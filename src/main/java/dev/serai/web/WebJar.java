package dev.serai.web;

import java.io.IOException;
import java.util.Arrays;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Finds scripts and styles in their WebJars, whatever version the pom has. */
public final class WebJar {

    private WebJar() {}

    /** The folder of a file such as {@code swagger-ui/*}{@code /swagger-ui.css}. */
    public static Resource folderOf(String file) {
        try {
            Resource[] found = new PathMatchingResourcePatternResolver().getResources("classpath*:META-INF/resources/webjars/" + file);
            Resource first = Arrays.stream(found).findFirst()
                    .orElseThrow(() -> new IllegalStateException("The WebJar with " + file + " is not on the class path"));
            return first.createRelative("");
        } catch (IOException e) {
            throw new IllegalStateException("The class path could not be searched for " + file, e);
        }
    }
}
