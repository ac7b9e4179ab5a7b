-- How many conflicts a store has had within an hour and a day.
CREATE INDEX conflict_created ON conflict (created_at) INCLUDE (store_id);
