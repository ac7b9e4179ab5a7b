-- Each event that is accepted was put into it, so that the few that are to be forgotten are found at once; they are looked for now, once an hour.
DROP INDEX event_seen_expiry;
