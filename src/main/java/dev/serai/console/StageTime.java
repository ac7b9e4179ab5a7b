package dev.serai.console;

import dev.serai.run.Stages.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How long a run was at one stage; {@code percent} is of its longest. */
record StageTime(String name, String meaning, long millis, long percent) {

    private static final Map<Stage, String> MEANINGS = Map.of(
            Stage.FETCH, "asks the source and waits until it begins to answer, retries included",
            Stage.READ, "reads the answer: keys, times and hashes of its records",
            Stage.COMPARE, "compares with what is known of the records",
            Stage.WRITE, "decides, applies, holds and journals what differs",
            Stage.DELETE, "looks for what the source no longer has");

    /** In the order of the stages; none where nothing was measured. */
    static List<StageTime> of(Map<String, Long> millis) {
        if (millis == null) {
            return List.of();
        }
        long longest = Math.max(1, millis.values().stream().mapToLong(Long::longValue).max().orElse(1));
        return Arrays.stream(Stage.values())
                .filter(stage -> millis.containsKey(stage.text()))
                .map(stage -> new StageTime(
                        stage.text(), MEANINGS.get(stage), millis.get(stage.text()), 100 * millis.get(stage.text()) / longest))
                .toList();
    }
}
