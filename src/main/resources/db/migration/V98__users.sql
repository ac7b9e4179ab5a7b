-- Since when a user has the password, to the second: who has logged in before with another one is no longer known by that.
ALTER TABLE access_user ADD COLUMN password_at timestamptz NOT NULL DEFAULT 'epoch';
