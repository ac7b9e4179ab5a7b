package dev.serai.console;

import dev.serai.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The sign-in form, and what a person is told who may not go on or took a wrong turn. */
@Controller
class SignInPage {

    @GetMapping("/console/login")
    String form(
            @RequestParam(required = false) String failed,
            @RequestParam(required = false) String wait,
            @RequestParam(required = false) String out,
            Model model) {
        model.addAttribute("failed", failed != null);
        model.addAttribute("wait", wait != null);
        model.addAttribute("out", out != null);
        return "console/login";
    }

    @RequestMapping("/console/denied")
    String denied() {
        throw ApiException.of(403, "These credentials may look but not act, or the form was too old. Go back, reload the page and try again.");
    }

    /** Whatever no page has taken, besides the assets. */
    @RequestMapping({"/console/{page:^(?!assets$).+}", "/console/{page:^(?!assets$).+}/**"})
    String unknown(HttpServletRequest request) {
        throw ApiException.notFound("The console has no page " + request.getRequestURI() + ".");
    }
}
