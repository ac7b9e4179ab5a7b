package dev.serai.console;

import dev.serai.change.RecordKey;
import dev.serai.record.RecordHistory;
import dev.serai.record.RecordHistory.State;
import dev.serai.record.RecordHistory.Version;
import dev.serai.record.RecordSearch;
import dev.serai.web.ApiException;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A record's life: found by its key, shown version by version, with what each one changed, from where, and by which rule. */
@Controller
class RecordsPage {

    private static final int FOUND = 50;

    private final RecordSearch search;
    private final RecordHistory history;
    private final Differences differences;

    RecordsPage(RecordSearch search, RecordHistory history, Differences differences) {
        this.search = search;
        this.history = history;
        this.differences = differences;
    }

    @GetMapping("/console/records")
    String search(@RequestParam(defaultValue = "") String q, @RequestParam(defaultValue = "") String entity, Model model) {
        model.addAttribute("q", q);
        model.addAttribute("entity", entity);
        model.addAttribute("entities", search.entityTypes());
        model.addAttribute("found", q.isBlank() ? List.of() : search.byKey(q.strip(), entity.isBlank() ? null : entity, FOUND));
        return "console/records";
    }

    @GetMapping("/console/record")
    String one(@RequestParam String entity, @RequestParam String key, @RequestParam(defaultValue = "1") int page, Model model) {
        RecordKey name = new RecordKey(entity, key);
        State state = history.find(name).orElseThrow(() -> ApiException.notFound("There is no record " + key + " of " + entity + "."));
        int asked = Math.max(1, page);
        // One version more than is shown: what the oldest on the page changed, too.
        List<Version> versions = history.versions(state, (asked - 1) * Paging.SIZE, Paging.SIZE + 1);
        model.addAttribute("name", name);
        model.addAttribute("state", state);
        model.addAttribute("content", differences.pretty(state.data()));
        model.addAttribute("steps", differences.steps(versions, Paging.SIZE));
        model.addAttribute("paging", Paging.of(asked, state.version(), "/console/record", "entity", entity, "key", key));
        return "console/record";
    }
}
