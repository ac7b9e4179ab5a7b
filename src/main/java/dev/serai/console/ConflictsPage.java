package dev.serai.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.conflict.ConflictList;
import dev.serai.contract.ApiRequest;
import dev.serai.decision.Decisions;
import dev.serai.rules.SyncRule;
import dev.serai.storesync.StoreConflicts;
import dev.serai.storesync.StoreRules;
import dev.serai.web.ApiException;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The queue of conflicts: both values and the base side by side; decide one or all alike, make a rule of it or try the rule first, undo. */
@Controller
class ConflictsPage {

    private static final int PREVIEW_DAYS = 30;
    private static final int PREVIEW_ROWS = 10;
    private static final List<String> RESOLUTIONS =
            List.of(Decisions.USE_STORE, Decisions.USE_PLATFORM, Decisions.USE_CUSTOM, Decisions.IGNORE);
    private static final List<String> ACTIONS = List.of(
            SyncRule.NEWEST_WINS, SyncRule.USE_STORE, SyncRule.USE_PLATFORM, SyncRule.USE_HIGHEST, SyncRule.USE_LOWEST);

    private final ConflictList conflicts;
    private final StoreConflicts operations;
    private final StoreRules rules;
    private final ObjectMapper json;

    ConflictsPage(ConflictList conflicts, StoreConflicts operations, StoreRules rules, ObjectMapper json) {
        this.conflicts = conflicts;
        this.operations = operations;
        this.rules = rules;
        this.json = json;
    }

    @GetMapping("/console/conflicts")
    String list(
            @RequestParam(required = false) String store,
            @RequestParam(defaultValue = "pending") String status,
            @RequestParam(defaultValue = "1") int page,
            Model model) {
        Map<String, Long> pending = conflicts.pendingByStore();
        String shown = store == null || store.isBlank() ? pending.keySet().stream().findFirst().orElse("") : store;
        int asked = Math.max(1, page);
        model.addAttribute("stores", pending);
        model.addAttribute("store", shown);
        model.addAttribute("status", status);
        model.addAttribute("actions", ACTIONS);
        model.addAttribute("conflicts", conflicts.list(shown, status, null, asked, Paging.SIZE));
        model.addAttribute("paging", Paging.of(
                asked, conflicts.count(shown, status, null), "/console/conflicts", "store", shown, "status", status));
        return "console/conflicts";
    }

    /** Decides a conflict; {@code rule} makes its decision the store's rule for that field. */
    @PostMapping("/console/conflicts/{id}/resolve")
    String resolve(
            @PathVariable String id,
            @RequestParam String resolution,
            @RequestParam(defaultValue = "") String value,
            @RequestParam(defaultValue = "false") boolean similar,
            @RequestParam(defaultValue = "") String rule,
            @RequestParam String store,
            Principal who,
            RedirectAttributes after) {
        ObjectNode body = json.createObjectNode()
                .put("resolution", Choice.of("resolution", resolution, RESOLUTIONS))
                .put("apply_to_similar", similar);
        if (resolution.equals(Decisions.USE_CUSTOM)) {
            body.set("value", value(value));
        }
        if (!rule.isBlank()) {
            body.putObject("create_rule").put("strategy", Choice.of("rule", rule, ACTIONS));
        }
        Map<?, ?> done = data(operations.resolve(ApiRequest.within("resolveConflict", Map.of("conflict_id", id), body, who)));
        after.addFlashAttribute("notice", done.get("conflicts_resolved") + " conflict(s) decided: " + resolution.replace('_', ' ') + ".");
        after.addFlashAttribute("decision", done.get("decision_id"));
        return back(store, "pending", after);
    }

    /** What a person typed: JSON where it is some, else a text. */
    private JsonNode value(String typed) {
        if (typed.isBlank()) {
            throw ApiException.badRequest("Type the value to use instead; two quotes (\"\") are an empty text.");
        }
        try {
            JsonNode parsed = json.readTree(typed);
            return parsed == null || parsed.isMissingNode() ? json.getNodeFactory().textNode(typed) : parsed;
        } catch (JsonProcessingException e) {
            return json.getNodeFactory().textNode(typed);
        }
    }

    @PostMapping("/console/decisions/{id}/undo")
    String undo(@PathVariable String id, @RequestParam String store, Principal who, RedirectAttributes after) {
        Map<?, ?> done = data(operations.undo(ApiRequest.within("undoDecision", Map.of("decision_id", id), null, who)));
        after.addFlashAttribute("notice", "Undone: " + done.get("conflicts_restored") + " conflict(s) are pending again.");
        return back(store, "pending", after);
    }

    private static String back(String store, String status, RedirectAttributes after) {
        after.addAttribute("store", store);
        after.addAttribute("status", status);
        return "redirect:/console/conflicts";
    }

    /** What a rule for this field would have changed in the last days; writes nothing. */
    @PostMapping("/console/conflicts/preview")
    String preview(
            @RequestParam String store,
            @RequestParam String entity,
            @RequestParam String field,
            @RequestParam(defaultValue = "") String rule,
            Principal who,
            Model model) {
        if (rule.isBlank()) {
            throw ApiException.badRequest("Choose a rule to try.");
        }
        Choice.of("rule", rule, ACTIONS);
        ObjectNode body = json.createObjectNode().put("days", PREVIEW_DAYS);
        body.putArray("rules").addObject()
                .put("name", rule)
                .put("entity_type", entity)
                .put("field", field)
                .put("condition", SyncRule.CONFLICT_DETECTED)
                .put("action", rule);
        Object answer = rules.previewRules(ApiRequest.within("previewRules", Map.of("store_id", store), body, who));
        JsonNode result = json.valueToTree(answer).path("data");
        model.addAttribute("days", PREVIEW_DAYS);
        model.addAttribute("rule", rule);
        model.addAttribute("totals", texts(result.path("totals")));
        model.addAttribute("changes", StreamSupport.stream(result.path("changes").spliterator(), false)
                .limit(PREVIEW_ROWS).map(ConflictsPage::texts).toList());
        return "console/conflicts :: preview";
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties().forEach(field ->
                texts.put(field.getKey(), field.getValue().isTextual() ? field.getValue().textValue() : field.getValue().toString()));
        return texts;
    }

    private static Map<?, ?> data(Object answer) {
        return (Map<?, ?>) ((Map<?, ?>) answer).get("data");
    }
}
