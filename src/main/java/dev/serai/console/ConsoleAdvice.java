package dev.serai.console;

import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.database.DatabaseFaults;
import dev.serai.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.ui.Model;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** What every page has: who looks, how times and numbers are written, and a page for what went wrong. */
@ControllerAdvice(basePackages = "dev.serai.console")
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConsoleAdvice {

    private static final Logger log = LoggerFactory.getLogger(ConsoleAdvice.class);

    private final Clock clock;

    ConsoleAdvice(Clock clock) {
        this.clock = clock;
    }

    @ModelAttribute
    void addToEveryPage(Model model, HttpServletRequest request, Authentication authentication) {
        model.addAttribute("path", request.getRequestURI());
        model.addAttribute("show", new Show(clock.instant()));
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            model.addAttribute("user", caller.label());
            model.addAttribute("mayAct", caller.role() == Role.SUPER_ADMIN);
        }
    }

    @ExceptionHandler
    String refused(ApiException refusal, Model model, HttpServletRequest request, HttpServletResponse response) {
        return problem(model, request, response, refusal.status(), refusal.getMessage());
    }

    @ExceptionHandler
    String badParameter(MethodArgumentTypeMismatchException mismatch, Model model, HttpServletRequest request, HttpServletResponse response) {
        return problem(model, request, response, 400, "The parameter " + mismatch.getName() + " has no usable value.");
    }

    @ExceptionHandler
    String missingParameter(MissingServletRequestParameterException missing, Model model, HttpServletRequest request, HttpServletResponse response) {
        return problem(model, request, response, 400, "The parameter " + missing.getParameterName() + " is missing.");
    }

    @ExceptionHandler
    String databaseFailed(DataAccessException failure, Model model, HttpServletRequest request, HttpServletResponse response) {
        if (DatabaseFaults.isUnstorableText(failure)) {
            return problem(model, request, response, 400, "A parameter has a NUL character.");
        }
        log.warn("The console's page {} could not be shown", request.getRequestURI(), failure);
        return DatabaseFaults.isAway(failure)
                ? problem(model, request, response, 503, "The database does not answer. Nothing is lost; try again in a moment.")
                : problem(model, request, response, 500, "This page could not be made; the hub's log says why.");
    }

    private String problem(Model model, HttpServletRequest request, HttpServletResponse response, int status, String message) {
        addToEveryPage(model, request, SecurityContextHolder.getContext().getAuthentication());
        model.addAttribute("title", HttpStatus.valueOf(status).getReasonPhrase());
        model.addAttribute("message", message);
        response.setStatus(status);
        return request.getHeader("HX-Request") == null ? "console/problem" : "console/problem :: part";
    }

    /** Times and numbers for people. */
    record Show(Instant now) {

        /** How long ago: {@code 3 min}. */
        public String ago(Instant then) {
            return then == null ? "–" : length(Duration.between(then, now)) + " ago";
        }

        public String at(Instant time) {
            return time == null ? "–" : time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
        }

        public String between(Instant from, Instant to) {
            return from == null ? "–" : length(Duration.between(from, to == null ? now : to));
        }

        public String number(long n) {
            return String.format(Locale.ROOT, "%,d", n);
        }

        public String rate(double perSecond) {
            return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
        }

        /** {@code real_time}: real time; a time as how far it is away. */
        public String words(Object value) {
            if (value instanceof Instant time) {
                return time.isAfter(now) ? "in " + length(Duration.between(now, time)) : ago(time);
            }
            return String.valueOf(value).replace('_', ' ');
        }

        /** A metric's name for a person. */
        public String metric(String name) {
            return name.replace("_percentage", "").replace("_24h", " in 24 h").replace('_', ' ');
        }

        public boolean isShare(String metric) {
            return metric.endsWith("_rate") || metric.endsWith("_percentage");
        }

        public String took(long millis) {
            return millis < 10_000 ? String.format(Locale.ROOT, "%.2f s", millis / 1_000.0) : length(Duration.ofMillis(millis));
        }

        private static String length(Duration duration) {
            long seconds = Math.max(0, duration.toSeconds());
            if (seconds < 100) {
                return seconds + " s";
            }
            if (seconds < 7_200) {
                return seconds / 60 + " min";
            }
            return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
        }
    }
}
