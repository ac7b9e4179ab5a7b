package dev.serai.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connectors;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.syncflow.Monitoring;
import dev.serai.syncflow.Syncflow;
import dev.serai.web.ApiException;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Runs: the list, one run as it goes on, and the three things that a person may do about one, through the API's own operations. */
@Controller
class RunsPage {

    private final Runs runs;
    private final RunProgress progress;
    private final Monitoring monitoring;
    private final Ledger ledger;
    private final Connectors connectors;
    private final Syncflow syncflow;
    private final ObjectMapper json;

    RunsPage(
            Runs runs,
            RunProgress progress,
            Monitoring monitoring,
            Ledger ledger,
            Connectors connectors,
            Syncflow syncflow,
            ObjectMapper json) {
        this.runs = runs;
        this.progress = progress;
        this.monitoring = monitoring;
        this.ledger = ledger;
        this.connectors = connectors;
        this.syncflow = syncflow;
        this.json = json;
    }

    @GetMapping("/console/runs")
    String list(
            @RequestParam(defaultValue = "1") int page,
            @RequestParam(defaultValue = "") String entity,
            @RequestParam(required = false) RunStatus status,
            Model model) {
        Runs.Selection selection = new Runs.Selection(entity.isBlank() ? null : entity.strip(), status);
        int asked = Math.max(1, page);
        model.addAttribute("runs", progress.of(runs.list(selection, asked, Paging.SIZE)));
        model.addAttribute("paging", Paging.of(
                asked, runs.count(selection), "/console/runs", "entity", entity, "status", status == null ? null : status.name()));
        model.addAttribute("statuses", RunStatus.values());
        model.addAttribute("connectors", connectors.slugs());
        model.addAttribute("entity", entity);
        model.addAttribute("status", status);
        return "console/runs";
    }

    @GetMapping("/console/runs/{id}")
    String one(@PathVariable UUID id, Model model) {
        add(id, model);
        Monitoring.FailedSelection failures = new Monitoring.FailedSelection(id, null, null, null);
        model.addAttribute("failures", monitoring.failed(failures, 1, Paging.SIZE));
        model.addAttribute("failureCount", monitoring.countFailed(failures));
        return "console/run";
    }

    @GetMapping("/console/runs/{id}/state")
    String state(@PathVariable UUID id, Model model) {
        add(id, model);
        return "console/run :: state";
    }

    private void add(UUID id, Model model) {
        Run run = runs.find(id).orElseThrow(() -> ApiException.notFound("There is no run " + id + "."));
        model.addAttribute("run", progress.of(run));
        model.addAttribute("stages", StageTime.of(run.stages()));
        model.addAttribute("tally", ledger.tallies(List.of(id)).getOrDefault(id, Tally.NOTHING));
    }

    @PostMapping("/console/runs")
    String start(
            @RequestParam String connector,
            @RequestParam(defaultValue = "") String entity,
            @RequestParam(defaultValue = "incremental") String type,
            Principal who,
            RedirectAttributes after) {
        ObjectNode body = json.createObjectNode()
                .put("connector_api_slug", connector.strip())
                .put("entity_name", entity.isBlank() ? connector.strip() : entity.strip())
                .put("sync_type", Choice.of("type", type, List.of("full", "incremental")));
        Answer answer = (Answer) syncflow.startSync(ApiRequest.within("startSync", Map.of(), body, who));
        after.addFlashAttribute("notice", "The sync has started.");
        return "redirect:/console/runs/" + ((Map<?, ?>) answer.body()).get("batch_uid");
    }

    @PostMapping("/console/runs/{id}/stop")
    String stop(@PathVariable UUID id, Principal who, RedirectAttributes after) {
        syncflow.stopSync(ApiRequest.within("stopSync", Map.of("batch_uid", id.toString()), null, who));
        after.addFlashAttribute("notice", "The run stops after the page in hand.");
        return "redirect:/console/runs/" + id;
    }

    @PostMapping("/console/runs/{id}/retry")
    String retry(@PathVariable UUID id, Principal who, RedirectAttributes after) {
        ObjectNode body = json.createObjectNode().put("batch_uid", id.toString()).put("limit", 1_000);
        Map<?, ?> result = (Map<?, ?>) syncflow.retryFailed(ApiRequest.within("retryFailed", Map.of(), body, who));
        after.addFlashAttribute("notice", "Retried %s failed records: %s are resolved, %s still fail."
                .formatted(result.get("retried"), result.get("resolved"), result.get("still_failed")));
        return "redirect:/console/runs/" + id;
    }
}
