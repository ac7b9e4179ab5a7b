package dev.serai.web;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The call under an Idempotency-Key that a thread is answering. Who has an effect on its behalf remembers it in the same transaction: where
 * the hub dies before the answer is kept, whoever repeats the call is answered from that, instead of having the effect once more.
 */
public final class KeyedCall {

    private static final ThreadLocal<KeyedCall> CURRENT = new ThreadLocal<>();

    private final KeptAnswers answers;
    private final IdempotentRequest request;
    private final KeptAnswers.Claim claim;

    KeyedCall(KeptAnswers answers, IdempotentRequest request, KeptAnswers.Claim claim) {
        this.answers = answers;
        this.request = request;
        this.claim = claim;
    }

    /** The call of this thread; empty where it came without a key. Ask before handing work to another thread. */
    public static Optional<KeyedCall> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    static void enter(KeyedCall call) {
        CURRENT.set(call);
    }

    static void leave() {
        CURRENT.remove();
    }

    /** What was remembered when the call was made before; empty where it had no effect. */
    public Optional<String> effect() {
        return Optional.ofNullable(claim.sealedEffect()).flatMap(request.seal()::open).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Remembers the effect, in the transaction of the thread that calls this.
     *
     * @param effect what the answer can be made of again
     * @throws ApiException 409 where the call was repeated meanwhile and its repetition is what counts
     */
    public void remember(String effect) {
        if (!answers.remember(request.scope(), claim.id(), request.seal().seal(effect.getBytes(StandardCharsets.UTF_8)))) {
            throw ApiException.conflict("This call took so long that it was repeated; it has no effect of its own.");
        }
    }
}
