package dev.serai.routing;

/** Why a route file was refused, and where. The hub goes on with what it had. */
final class RouteFileProblem extends Exception {

    private final String file;
    private final int line;

    RouteFileProblem(String file, int line, String reason, Throwable cause) {
        super(reason, cause);
        this.file = file;
        this.line = line;
    }

    /** The file to mend; for a broken contract that is the contract. Null means the file that was being loaded. */
    String file() {
        return file;
    }

    int line() {
        return line;
    }
}
