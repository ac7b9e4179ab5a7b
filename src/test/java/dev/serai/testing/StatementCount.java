package dev.serai.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source that counts how often something is executed on its connections; everything is done by the real one behind it. */
public final class StatementCount extends DelegatingDataSource {

    private final AtomicInteger executions = new AtomicInteger();

    public StatementCount(DataSource real) {
        super(real);
    }

    /** How many statements were executed so far. */
    public int statements() {
        return executions.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return counted(super.getConnection(), Connection.class);
    }

    private <T> T counted(Object real, Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (real instanceof Statement && method.getName().startsWith("execute")) {
                executions.incrementAndGet();
            }
            try {
                Object result = method.invoke(real, arguments);
                return Statement.class.isAssignableFrom(method.getReturnType()) ? counted(result, method.getReturnType()) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
