package dev.serai.console;

import dev.serai.deadletter.FailureGroups;
import dev.serai.deadletter.FailureGroups.Group;
import dev.serai.replay.Replays;
import dev.serai.replay.Replays.Batch;
import dev.serai.replay.Replays.Result;
import dev.serai.replay.Replays.Selection;
import dev.serai.syncflow.Monitoring;
import dev.serai.syncflow.Monitoring.FailedSelection;
import dev.serai.web.ApiException;
import java.security.Principal;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What failed, grouped by what went wrong; replayed or discarded one by one or all alike, a batch a request, so that a bar shows how far it is. */
@Controller
class DeadLettersPage {

    /** That are shown; the largest. */
    private static final int GROUPS = 200;

    private final FailureGroups groups;
    private final Monitoring monitoring;
    private final Replays replays;
    private final Differences differences;

    DeadLettersPage(FailureGroups groups, Monitoring monitoring, Replays replays, Differences differences) {
        this.groups = groups;
        this.monitoring = monitoring;
        this.replays = replays;
        this.differences = differences;
    }

    /** What is selected; empty means all. */
    record Filter(String entity, String stage, String errorType) {

        static Filter of(String entity, String stage, String error) {
            return new Filter(orNull(entity), orNull(stage), orNull(error));
        }

        private static String orNull(String text) {
            return text == null || text.isBlank() ? null : text;
        }

        boolean includes(Group group) {
            return (entity == null || entity.equals(group.entityType()))
                    && (stage == null || stage.equals(group.stage()))
                    && (errorType == null || errorType.equals(group.errorType()));
        }

        FailedSelection shown() {
            return new FailedSelection(null, entity, errorType, stage);
        }

        Selection worked() {
            return Selection.alike(entity, stage, errorType);
        }
    }

    @GetMapping("/console/dead-letters")
    String list(
            @RequestParam(defaultValue = "1") int page,
            @RequestParam(defaultValue = "") String entity,
            @RequestParam(defaultValue = "") String stage,
            @RequestParam(defaultValue = "") String error,
            Model model) {
        Filter filter = Filter.of(entity, stage, error);
        int asked = Math.max(1, page);
        List<Group> all = groups.list();
        long total = all.stream().filter(filter::includes).mapToLong(Group::count).sum();
        model.addAttribute("groups", all.subList(0, Math.min(GROUPS, all.size())));
        model.addAttribute("failures", monitoring.failed(filter.shown(), asked, Paging.SIZE));
        model.addAttribute("paging", Paging.of(asked, total, "/console/dead-letters", "entity", entity, "stage", stage, "error", error));
        model.addAttribute("filter", filter);
        return "console/dead-letters";
    }

    @GetMapping("/console/dead-letters/{id}")
    String one(@PathVariable long id, Model model) {
        Monitoring.FailedRecord failure = monitoring.failed(id)
                .orElseThrow(() -> ApiException.notFound("There is no open dead letter " + id + ": it is resolved, discarded or never was."));
        model.addAttribute("failure", failure);
        model.addAttribute("payload", differences.pretty(failure.payload()));
        model.addAttribute("attempts", differences.pretty(failure.attempts()));
        return "console/dead-letter";
    }

    @PostMapping("/console/dead-letters/{id}/replay")
    String replay(@PathVariable long id, Principal who, RedirectAttributes after) {
        Result result = replays.replay(Selection.one(id), 1, who.getName());
        return afterOne(id, result, "The record is through.", after);
    }

    @PostMapping("/console/dead-letters/{id}/discard")
    String discard(@PathVariable long id, @RequestParam(defaultValue = "") String reason, Principal who, RedirectAttributes after) {
        Result result = replays.discardNext(Selection.one(id), 0, who.getName(), required(reason)).result();
        return afterOne(id, result, "The record is discarded; the journal keeps it.", after);
    }

    private static String afterOne(long id, Result result, String done, RedirectAttributes after) {
        if (result.resolved() > 0) {
            after.addFlashAttribute("notice", done);
            return "redirect:/console/dead-letters";
        }
        after.addFlashAttribute("notice", result.retried() == 0
                ? "Somebody else is at this record, or it is settled already."
                : "It failed again; the attempt is noted below.");
        return "redirect:/console/dead-letters/" + id;
    }

    /** One batch of what is selected; the answer asks for the next one by itself until none is left. */
    @PostMapping("/console/dead-letters/work")
    String work(
            @RequestParam String action,
            @RequestParam(defaultValue = "") String entity,
            @RequestParam(defaultValue = "") String stage,
            @RequestParam(defaultValue = "") String error,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "-1") long total,
            @RequestParam(defaultValue = "0") int done,
            @RequestParam(defaultValue = "0") int resolved,
            Principal who,
            Model model) {
        Choice.of("action", action, List.of("replay", "discard"));
        Filter filter = Filter.of(entity, stage, error);
        long all = total >= 0 ? total : monitoring.countFailed(filter.shown());
        Batch batch = "discard".equals(action)
                ? replays.discardNext(filter.worked(), after, who.getName(), required(reason))
                : replays.replayNext(filter.worked(), after, who.getName());
        Result sum = new Result(done, resolved, done - resolved).plus(batch.result());
        model.addAttribute("action", action);
        model.addAttribute("filter", filter);
        model.addAttribute("reason", reason);
        model.addAttribute("after", batch.lastId());
        model.addAttribute("total", all);
        model.addAttribute("sum", sum);
        boolean over = batch.result().retried() == 0;
        model.addAttribute("over", over);
        model.addAttribute("percent", over ? 100 : Math.min(99, 100L * sum.retried() / Math.max(1, all)));
        return "console/dead-letters :: work";
    }

    private static String required(String reason) {
        if (reason.isBlank()) {
            throw ApiException.badRequest("Discarding needs a reason, for whoever asks later.");
        }
        return reason.strip();
    }
}
