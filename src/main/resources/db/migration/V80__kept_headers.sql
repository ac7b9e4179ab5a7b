-- What a first answer says beside its body, a repetition says too.
ALTER TABLE idempotency_answer ADD COLUMN location text, ADD COLUMN retry_after text;
