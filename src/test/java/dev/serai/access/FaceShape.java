package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

/** Checks that an error has the shape of its face. */
final class FaceShape {

    private FaceShape() {}

    static void assertDetail(TestHub.Answer answer, int status) {
        assertJson(answer, status);
        assertThat(answer.json().fieldNames()).toIterable().containsExactly("detail");
    }

    static void assertCoded(TestHub.Answer answer, int status) {
        assertJson(answer, status);
        assertThat(answer.json().fieldNames()).toIterable().containsExactly("error");
        assertThat(answer.json().get("error").fieldNames()).toIterable().containsExactlyInAnyOrder("code", "message", "details");
    }

    private static void assertJson(TestHub.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.body()).doesNotContain("<html", "Exception", "\tat ", "secret internals");
    }
}
