package dev.serai.console;

import dev.serai.conflict.ConflictList;
import dev.serai.contract.ApiRequest;
import dev.serai.health.Alerts;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.storesync.StoreMonitoring;
import dev.serai.storesync.StoreSetup;
import java.security.Principal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The stores: which there are, how each one's sync goes, pause and resume. All by the API's own operations. */
@Controller
class StoresPage {

    private static final int ALERTS = 20;

    private final Stores stores;
    private final StoreMonitoring monitoring;
    private final StoreSetup setup;
    private final ConflictList conflicts;
    private final Alerts alerts;

    StoresPage(Stores stores, StoreMonitoring monitoring, StoreSetup setup, ConflictList conflicts, Alerts alerts) {
        this.stores = stores;
        this.monitoring = monitoring;
        this.setup = setup;
        this.conflicts = conflicts;
        this.alerts = alerts;
    }

    @GetMapping("/console/stores")
    String list(@RequestParam(defaultValue = "1") int page, Model model) {
        List<StoreConfig> all = stores.all().stream().sorted(Comparator.comparing(StoreConfig::storeId)).toList();
        int asked = Math.max(1, page);
        int from = Math.min(all.size(), (asked - 1) * Paging.SIZE);
        model.addAttribute("stores", all.subList(from, Math.min(all.size(), from + Paging.SIZE)));
        model.addAttribute("pending", conflicts.pendingByStore());
        model.addAttribute("alerts", alerts.activeByStore());
        model.addAttribute("paging", Paging.of(asked, all.size(), "/console/stores"));
        return "console/stores";
    }

    @GetMapping("/console/stores/{id}")
    String one(@PathVariable String id, Principal who, Model model) {
        model.addAttribute("store", stores.get(id));
        model.addAttribute("status", data(monitoring.status(ApiRequest.within("storeStatus", Map.of("store_id", id), null, who))));
        model.addAttribute("alerts", alerts.list(id, null, "active", 1, ALERTS));
        return "console/store";
    }

    @PostMapping("/console/stores/{id}/pause")
    String pause(@PathVariable String id, Principal who, RedirectAttributes after) {
        setup.pause(ApiRequest.within("pauseStore", Map.of("store_id", id), null, who));
        after.addFlashAttribute("notice", "The store is paused: its changes are kept, and applied in order when it is resumed.");
        return "redirect:/console/stores";
    }

    @PostMapping("/console/stores/{id}/resume")
    String resume(@PathVariable String id, Principal who, RedirectAttributes after) {
        setup.resume(ApiRequest.within("resumeStore", Map.of("store_id", id), null, who));
        after.addFlashAttribute("notice", "The store goes on; what it sent meanwhile is applied in order.");
        return "redirect:/console/stores";
    }

    private static Object data(Object answer) {
        return ((Map<?, ?>) answer).get("data");
    }
}
