package dev.serai.syncflow;

import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport;
import dev.serai.journal.LedgerReport.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The ledger as the API shows it. */
@Component
class Ledgers {

    /** Runs that an unnarrowed ledger lists, the newest. */
    private static final int RUNS = 100;

    private final Ledger ledger;

    Ledgers(Ledger ledger) {
        this.ledger = ledger;
    }

    Map<String, Object> show(UUID runId, String storeId) {
        LedgerReport report = ledger.report(runId, storeId, RUNS);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("balanced", report.balanced());
        answer.put("total", tally(new LinkedHashMap<>(), report.total()));
        answer.put("runs", list("batch_uid", report.runs()));
        answer.put("stores", list("store_id", report.stores()));
        if (!report.balanced()) {
            answer.put("differences", report.differences());
        }
        return answer;
    }

    private static List<Map<String, Object>> list(String idName, Map<?, Tally> tallies) {
        List<Map<String, Object>> list = new ArrayList<>();
        tallies.forEach((id, tally) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put(idName, id);
            list.add(tally(one, tally));
        });
        return list;
    }

    private static Map<String, Object> tally(Map<String, Object> into, Tally tally) {
        into.put("accepted", tally.accepted());
        tally.outcomes().forEach((outcome, n) -> into.put(outcome.name(), n));
        return into;
    }
}
