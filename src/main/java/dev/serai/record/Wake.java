package dev.serai.record;

/** Tells the workers of this hub that there is something to do, so that they need not look often. */
public interface Wake {

    /** There are journalled changes to apply. Returns at once. */
    void applyChanges();
}
