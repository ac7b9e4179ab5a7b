package dev.serai.routing;

import java.util.List;

/**
 * One top-level item of a route file: the smallest piece that is replaced on its own.
 *
 * @param id    the route's, template's or configuration's id; for a REST face, the face's name
 * @param line  where it begins in its file, from 1
 * @param text  its YAML
 * @param needs the configurations it names, and the template it is made from
 * @param from  the endpoint it starts from, or null
 * @param file  the file, for messages and for Camel's source location
 */
record Unit(Kind kind, String id, int line, String text, List<String> needs, String from, String file) {

    enum Kind {
        CONFIGURATION("routeConfiguration"), TEMPLATE("routeTemplate"), ROUTE("route"), TEMPLATED("templatedRoute"), REST("rest");

        final String word;

        Kind(String word) {
            this.word = word;
        }

        boolean isRoute() {
            return this == ROUTE || this == TEMPLATED;
        }
    }

    /** Routes, templated or not, share one name space; the others have one each. */
    String key() {
        return (kind.isRoute() ? "route" : kind.word) + " " + id;
    }

    boolean isSameAs(Unit other) {
        return kind == other.kind && text.strip().equals(other.text.strip());
    }

    /** The id of the template that a templated route is made from. */
    String template() {
        return needs.get(0).substring(Kind.TEMPLATE.word.length() + 1);
    }

    /** True where an edit of the other unit means that this one has to be built again. */
    boolean dependsOn(Unit other) {
        return other.kind == Kind.CONFIGURATION && needs.contains(other.key()) || other.kind == Kind.TEMPLATE && needs.contains(other.key());
    }
}
