package dev.serai.console;

import dev.serai.connector.Connectors;
import dev.serai.lineage.WaitingTree;
import dev.serai.syncflow.Monitoring;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What waits: children under their missing parents, the longest waiting first. */
@Controller
class HoldsPage {

    private final WaitingTree tree;
    private final Monitoring monitoring;
    private final Connectors connectors;

    HoldsPage(WaitingTree tree, Monitoring monitoring, Connectors connectors) {
        this.tree = tree;
        this.monitoring = monitoring;
        this.connectors = connectors;
    }

    @GetMapping("/console/holds")
    String parents(@RequestParam(defaultValue = "1") int page, Model model) {
        int asked = Math.max(1, page);
        model.addAttribute("total", monitoring.countPendingChildren(null, null));
        model.addAttribute("parents", tree.parents(asked, Paging.SIZE));
        model.addAttribute("paging", Paging.of(asked, tree.countParents(), "/console/holds"));
        model.addAttribute("connectors", connectors.slugs());
        return "console/holds";
    }

    /** The children of one parent, inside its row. */
    @GetMapping("/console/holds/children")
    String children(@RequestParam String entity, @RequestParam String key, Model model) {
        model.addAttribute("children", tree.children(entity, key, Paging.SIZE));
        return "console/holds :: children";
    }
}
