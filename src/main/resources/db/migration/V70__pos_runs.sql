-- Terminals sync their orders beside each other and beside everything else: their runs keep no job from running.
DROP INDEX run_active;
CREATE UNIQUE INDEX run_active ON run (entity_type, (coalesce(store_id, '')))
    WHERE status IN ('pending', 'running') AND kind NOT IN ('webhook', 'pos');
