-- Hubs hear of it with the commit, and let go of the live connections that were opened with them.
CREATE FUNCTION tell_credentials_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('serai_credentials', TG_ARGV[0] || ':' || (to_jsonb(OLD) ->> TG_ARGV[1]));
    RETURN NULL;
END $$;

CREATE TRIGGER credentials_ended AFTER DELETE ON access_token
    FOR EACH ROW EXECUTE FUNCTION tell_credentials_ended('token', 'token_id');
CREATE TRIGGER credentials_ended AFTER DELETE ON access_api_key
    FOR EACH ROW EXECUTE FUNCTION tell_credentials_ended('key', 'key_id');
CREATE TRIGGER credentials_ended AFTER DELETE OR UPDATE OF password_id ON access_user
    FOR EACH ROW EXECUTE FUNCTION tell_credentials_ended('user', 'username');
