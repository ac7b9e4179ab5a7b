package dev.serai.journal;

/** What an outcome meant for the record; it tells the ledger's applied changes apart. */
public enum Effect {
    CREATED,
    UPDATED,
    DELETED,
    /** A bad record that is parked already and came again. */
    PARKED
}
