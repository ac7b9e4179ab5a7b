package dev.serai.console;

import dev.serai.change.RecordKey;
import dev.serai.connector.Connectors;
import dev.serai.connector.RecordFetch;
import dev.serai.lineage.WaitingTree;
import dev.serai.lineage.WaitingTree.MissingParent;
import dev.serai.syncflow.Monitoring;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What waits: children under their missing parents, the longest waiting first. */
@Controller
class HoldsPage {

    private final WaitingTree tree;
    private final Monitoring monitoring;
    private final Connectors connectors;
    private final RecordFetch fetch;

    HoldsPage(WaitingTree tree, Monitoring monitoring, Connectors connectors, RecordFetch fetch) {
        this.tree = tree;
        this.monitoring = monitoring;
        this.connectors = connectors;
        this.fetch = fetch;
    }

    @GetMapping("/console/holds")
    String parents(@RequestParam(defaultValue = "1") int page, Model model) {
        int asked = Math.max(1, page);
        model.addAttribute("total", monitoring.countPendingChildren(null, null));
        List<MissingParent> parents = tree.parents(asked, Paging.SIZE);
        List<String> sources = connectors.slugs();
        model.addAttribute("parents", parents);
        model.addAttribute("paging", Paging.of(asked, tree.countParents(), "/console/holds"));
        model.addAttribute("connectors", sources);
        List<String> types = parents.stream().map(MissingParent::entityType).distinct().toList();
        List<String> single = types.stream().filter(fetch::isPossible).toList();
        model.addAttribute("single", single);
        model.addAttribute("whole", types.stream().anyMatch(type -> sources.contains(type) && !single.contains(type)));
        return "console/holds";
    }

    /** Reads one missing parent from its source, and applies it with the children that wait for it. */
    @PostMapping("/console/holds/fetch")
    String fetch(@RequestParam String entity, @RequestParam String key, RedirectAttributes after) {
        boolean there = fetch.fetch(new RecordKey(entity, key));
        after.addFlashAttribute("notice", there
                ? entity + " " + key + " is there now; the children that waited for it follow."
                : entity + " " + key + " is fetched, and waits for a parent of its own.");
        return "redirect:/console/holds";
    }

    /** The children of one parent, inside its row. */
    @GetMapping("/console/holds/children")
    String children(@RequestParam String entity, @RequestParam String key, Model model) {
        model.addAttribute("children", tree.children(entity, key, Paging.SIZE));
        return "console/holds :: children";
    }
}
