package dev.serai.console;

import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.syncflow.Batches;
import dev.serai.syncflow.Batches.Batch;
import java.util.List;
import org.springframework.stereotype.Component;

/** How far a run is: a source says nothing of its size, so what its last complete run of that kind read is taken for it. */
@Component
class RunProgress {

    private final Runs runs;
    private final Batches batches;

    RunProgress(Runs runs, Batches batches) {
        this.runs = runs;
        this.batches = batches;
    }

    /** @param percent 0 to 99 while it runs, 100 at its end; null where nothing is known to compare with */
    record Progress(Batch batch, Integer percent) {

        public boolean isOver() {
            return batch.completedAt() != null;
        }
    }

    Progress of(Run run) {
        return of(List.of(run)).get(0);
    }

    List<Progress> of(List<Run> some) {
        return batches.show(some).stream().map(batch -> new Progress(batch, percent(batch))).toList();
    }

    private Integer percent(Batch batch) {
        if (batch.completedAt() != null) {
            return 100;
        }
        return runs.list(new Runs.Selection(batch.entityName(), RunStatus.COMPLETED), 1, 10).stream()
                .filter(run -> run.request() != null && run.request().syncType().text().equals(batch.syncType()))
                .findFirst()
                .map(run -> run.position() == null ? 0 : run.position().records())
                .filter(records -> records > 0)
                .map(records -> (int) Math.min(99, 100 * batch.total() / records))
                .orElse(null);
    }
}
