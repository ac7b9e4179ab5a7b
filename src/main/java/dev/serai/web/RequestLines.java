package dev.serai.web;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;

/** Connections that remember which path was asked for: of one that Jetty refuses, its request says {@code /badURI}. */
final class RequestLines extends HttpConnectionFactory {

    private static final String STANDS_FOR_NONE = "/badMessage";

    RequestLines(HttpConfiguration configuration) {
        super(configuration);
    }

    /** As it was written in the request line, without its query; {@code /} where there was none. */
    static String pathOf(Request request) {
        if (request.getConnectionMetaData().getConnection() instanceof Remembering connection) {
            return connection.target.split("[?#]", 2)[0];
        }
        String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
        return path == null ? "/" : path;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new Remembering(getHttpConfiguration(), connector, endPoint);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        return configure(connection, connector, endPoint);
    }

    private static final class Remembering extends HttpConnection {

        private volatile String target = "/";

        Remembering(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
            if (!STANDS_FOR_NONE.equals(uri)) {
                target = uri == null ? "/" : uri;
            }
            return super.newHttpStream(method, uri, version);
        }
    }
}
