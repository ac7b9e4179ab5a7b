-- What a call under an Idempotency-Key has done, written by the transaction that does it: a hub that dies between that and the answer
-- leaves this, and whoever repeats the call is answered from it. Sealed like the answer; null before the effect and once the answer is kept.
ALTER TABLE idempotency_answer ADD COLUMN sealed_effect bytea;
