package dev.serai.console;

import dev.serai.routing.RouteInsight;
import dev.serai.web.ApiException;
import java.util.Comparator;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The route files: what runs from each, how it does, and why an edit does not run. */
@Controller
class RoutesPage {

    private final RouteInsight routes;

    RoutesPage(RouteInsight routes) {
        this.routes = routes;
    }

    @GetMapping("/console/routes")
    String list(Model model) {
        // What does not run as it is written comes first.
        model.addAttribute("files", routes.files().stream().sorted(Comparator.comparing(file -> file.error() == null)).toList());
        return "console/routes";
    }

    @GetMapping("/console/routes/file")
    String file(@RequestParam String name, Model model) {
        model.addAttribute("name", name);
        model.addAttribute("text", routes.text(name).orElseThrow(() -> ApiException.notFound("There is no route file " + name + ".")));
        return "console/route-file";
    }
}
