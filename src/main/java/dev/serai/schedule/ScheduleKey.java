package dev.serai.schedule;

/**
 * Which schedule.
 *
 * @param group who made it, for example {@code pos}
 * @param name  unique in its group, for example a terminal's id
 */
public record ScheduleKey(String group, String name) {

    public ScheduleKey {
        if (group.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("A schedule has a group and a name");
        }
    }

    @Override
    public String toString() {
        return group + "/" + name;
    }
}
