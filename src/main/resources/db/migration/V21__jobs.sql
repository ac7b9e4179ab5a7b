-- A store's job is the runs that share its job_id, one an entity; webhooks are gathered into runs of kind 'webhook'.
ALTER TABLE run
    ADD COLUMN job_id      uuid,
    ADD COLUMN trigger     text     NOT NULL DEFAULT 'manual' CHECK (trigger IN ('manual', 'scheduled', 'webhook')),
    ADD COLUMN priority    smallint NOT NULL DEFAULT 1,
    -- What a run found and did that no journal row tells.
    ADD COLUMN result      jsonb,
    -- Of a store's run, once it has ended and nothing of it is in flight.
    ADD COLUMN verdict     text     CHECK (verdict IN ('success', 'partial', 'failed')),
    ADD COLUMN duration_ms bigint,
    -- What the store's live stream knows: 0 nothing, 1 that it began, 2 that it ended.
    ADD COLUMN told        smallint NOT NULL DEFAULT 0;

-- Webhooks come in at any time: their runs keep no job from running.
DROP INDEX run_active;
CREATE UNIQUE INDEX run_active ON run (entity_type, (coalesce(store_id, ''))) WHERE status IN ('pending', 'running') AND kind <> 'webhook';

CREATE INDEX run_queue ON run (priority DESC, created_at) WHERE status = 'pending';
CREATE INDEX run_job ON run (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX run_store ON run (store_id, created_at DESC) WHERE store_id IS NOT NULL;
CREATE INDEX run_store_ended ON run (store_id, completed_at) INCLUDE (verdict, duration_ms) WHERE store_id IS NOT NULL;
CREATE INDEX run_untold ON run (run_id) WHERE store_id IS NOT NULL AND told < 2;
