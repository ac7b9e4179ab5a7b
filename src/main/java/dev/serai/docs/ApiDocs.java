package dev.serai.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.contract.Contract;
import dev.serai.contract.Contracts;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The contracts as JSON, and the two pages that show them. A contract that is edited shows at the next reload of the page. */
@RestController
class ApiDocs {

    private static final String HOME = "syncflow";
    private static final String SWAGGER = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Serai API</title>
              <link rel="stylesheet" href="/api/v1/docs/assets/swagger-ui.css">
              <link rel="icon" href="/api/v1/docs/assets/favicon-32x32.png">
            </head>
            <body>
              <div id="swagger-ui"></div>
              <script src="/api/v1/docs/assets/swagger-ui-bundle.js"></script>
              <script src="/api/v1/docs/assets/swagger-ui-standalone-preset.js"></script>
              <script src="/api/v1/docs/assets/serai-docs.js"></script>
            </body>
            </html>
            """;
    private static final String REDOC = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Serai API: %1$s</title>
              <link rel="icon" href="/api/v1/docs/assets/favicon-32x32.png">
              <style>body { margin: 0; } nav { font: 14px sans-serif; padding: 8px 16px; } nav a { margin-right: 12px; }</style>
            </head>
            <body>
              <nav>%2$s</nav>
              <redoc spec-url="/api/v1/openapi/%1$s.json" hide-logo></redoc>
              <script src="/api/v1/redoc/assets/redoc.standalone.js"></script>
            </body>
            </html>
            """;

    private final Contracts contracts;

    ApiDocs(Contracts contracts) {
        this.contracts = contracts;
    }

    /** One entry of Swagger UI's selector. */
    record Entry(String name, String url) {
    }

    @GetMapping("/api/v1/openapi")
    List<Entry> faces() {
        return contracts.all().stream().map(Contract::face).sorted(ApiDocs::homeFirst)
                .map(face -> new Entry(face, "/api/v1/openapi/" + face + ".json")).toList();
    }

    @GetMapping("/api/v1/openapi/{face}.json")
    ResponseEntity<JsonNode> contract(@PathVariable String face) {
        return ResponseEntity.of(contracts.of(face).map(Contract::document));
    }

    @GetMapping(path = "/api/v1/docs", produces = MediaType.TEXT_HTML_VALUE)
    String swagger() {
        return SWAGGER;
    }

    @GetMapping(path = "/api/v1/redoc", produces = MediaType.TEXT_HTML_VALUE)
    String redoc(@RequestParam(defaultValue = HOME) String face) {
        StringBuilder links = new StringBuilder();
        faces().forEach(entry -> links.append("<a href=\"/api/v1/redoc?face=").append(HtmlUtils.htmlEscape(entry.name())).append("\">")
                .append(HtmlUtils.htmlEscape(entry.name())).append("</a>"));
        String shown = contracts.of(face).map(Contract::face).orElse(HOME);
        return REDOC.formatted(HtmlUtils.htmlEscape(shown), links);
    }

    private static int homeFirst(String one, String other) {
        return one.equals(HOME) ? -1 : other.equals(HOME) ? 1 : one.compareTo(other);
    }
}
