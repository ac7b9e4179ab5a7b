/**
 * Owns the connections of live clients, by WebSocket and socket.io on the hub's own port, and the topics by which every face reaches them.
 * What an event means is its face's business.
 *
 * <p>A face's WebSocket is one bean of type {@link dev.serai.live.LiveEndpoint}: {@code path()} and {@code accept(handshake)}, which refuses by an
 * {@code ApiException} (the caller that the path's {@code PathRule} recognised is {@code handshake.caller()}) or answers with a
 * {@link dev.serai.live.LiveClient}, one object a connection. In its {@code opened} the client subscribes its session to a topic:
 * {@code session.subscribe("stores/" + id)} for what comes from now on, or {@code session.follow(topic, lastId, reader)} to get first what it
 * missed; in {@code received} it answers events by the {@link dev.serai.live.Reply}. Whoever has news publishes it with
 * {@link dev.serai.live.Live#publish}, or a route does with {@code to: live:stores/17?event=sync_started}.
 * A {@link dev.serai.live.LiveSource} brings events from the database to every hub.
 */
package dev.serai.live;
