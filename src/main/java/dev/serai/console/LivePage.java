package dev.serai.console;

import dev.serai.journal.RecentChanges;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The journal as it grows: the newest changes, and what became of each. */
@Controller
class LivePage {

    private static final int SHOWN = 50;

    private final RecentChanges changes;

    LivePage(RecentChanges changes) {
        this.changes = changes;
    }

    @GetMapping("/console/live")
    String page(Model model) {
        model.addAttribute("changes", changes.newest(SHOWN));
        return "console/live";
    }

    @GetMapping("/console/parts/live")
    String rows(Model model) {
        model.addAttribute("changes", changes.newest(SHOWN));
        return "console/live :: rows";
    }
}
