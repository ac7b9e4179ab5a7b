-- Which password a user has: whatever another one has opened is no longer known by that. And who made the user; nobody's hub made the first one.
ALTER TABLE access_user
    ADD COLUMN password_id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN created_by  text;
