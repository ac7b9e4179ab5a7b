package dev.serai.rules;

/** How two edits of the same thing are settled. Deterministic: every node decides alike, in whatever order the edits arrive. */
public interface Strategy {

    /** As configured and as shown: {@code last_write_wins}. */
    String name();

    Decision decide(Edit current, Edit incoming);
}
