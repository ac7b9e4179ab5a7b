-- How long a run was at each stage, in milliseconds: see run.Stages.
ALTER TABLE run ADD COLUMN stages jsonb;
