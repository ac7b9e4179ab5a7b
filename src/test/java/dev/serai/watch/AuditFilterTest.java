package dev.serai.watch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The audit trail's database is not there. */
class AuditFilterTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(AuditFilter.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private AuditFilter filter;

    @BeforeEach
    void listen() throws IOException {
        try (ServerSocket nobody = new ServerSocket(0)) {
            JdbcClient away = JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:" + nobody.getLocalPort() + "/serai"));
            filter = new AuditFilter(new Audit(away, new ObjectMapper(), Clock.systemUTC()),
                    new StaticListableBeanFactory().getBeanProvider(RequestMappingHandlerMapping.class));
        }
        lines.start();
        log.setAdditive(false);
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
        log.setAdditive(true);
    }

    @Test
    void whatWentWellWithoutAnEntryIsToldOnceInALine() throws Exception {
        assertThat(answered(201)).isEqualTo(201);
        assertThat(answered(201)).isEqualTo(201);

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(lines.list.get(0).getThrowableProxy()).isNull();
        assertThat(lines.list.get(0).getFormattedMessage()).contains("POST /api/pms/products", "201");
    }

    @Test
    void whatFailedForTheSameReasonIsNotToldAgain() throws Exception {
        assertThat(answered(503)).isEqualTo(503);

        assertThat(lines.list).isEmpty();
    }

    private int answered(int status) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(new MockHttpServletRequest("POST", "/api/pms/products"), response,
                (request, answer) -> ((HttpServletResponse) answer).setStatus(status));
        return response.getStatus();
    }
}
