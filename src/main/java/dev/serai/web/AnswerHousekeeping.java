package dev.serai.web;

import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps claims alive while their calls run, and forgets answers that are past their time. */
@Component
@EnableScheduling
class AnswerHousekeeping {

    private final KeptAnswers answers;

    AnswerHousekeeping(KeptAnswers answers) {
        this.answers = answers;
    }

    /** Three times within a claim of the default length. */
    @Scheduled(fixedDelayString = "PT20S")
    void renewClaims() {
        answers.renewRunning();
    }

    @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT10M")
    void forgetExpired() {
        answers.forgetExpired();
    }
}
