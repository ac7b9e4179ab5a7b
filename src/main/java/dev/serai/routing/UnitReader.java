package dev.serai.routing;

import dev.serai.routing.Unit.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Cuts a route file into its units, without Camel, so that each can be compared and replaced on its own. */
final class UnitReader {

    private static final String CONTRACT_SUFFIX = ".openapi.json";

    private UnitReader() {
    }

    static List<Unit> read(String file, String text) throws RouteFileProblem {
        Node root = compose(file, text);
        if (!(root instanceof SequenceNode sequence)) {
            throw new RouteFileProblem(file, line(root), "A route file is a list: each item begins with \"- route:\" or the like", null);
        }
        String[] lines = text.split("\n", -1);
        List<Unit> units = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        List<Node> items = sequence.getValue();
        for (int i = 0; i < items.size(); i++) {
            int first = line(items.get(i));
            int last = i + 1 < items.size() ? line(items.get(i + 1)) - 1 : lines.length;
            String part = String.join("\n", Arrays.copyOfRange(lines, first - 1, Math.max(first, last)));
            Unit unit = unit(file, items.get(i), first, part);
            if (!keys.add(unit.key())) {
                throw new RouteFileProblem(file, first, "The id " + unit.id() + " is used twice in this file", null);
            }
            units.add(unit);
        }
        return units;
    }

    private static Node compose(String file, String text) throws RouteFileProblem {
        try {
            Optional<Node> root = new Compose(LoadSettings.builder().setLabel(file).build()).composeString(text);
            return root.orElseThrow(() -> new RouteFileProblem(file, 1, "The file is empty; delete it to remove its routes", null));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(1);
            throw new RouteFileProblem(file, line, "Not valid YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new RouteFileProblem(file, 1, "Not valid YAML: " + e.getMessage(), e);
        }
    }

    private static Unit unit(String file, Node item, int line, String text) throws RouteFileProblem {
        if (!(item instanceof MappingNode mapping) || mapping.getValue().size() != 1) {
            throw new RouteFileProblem(file, line, "Each item has one key: " + words(), null);
        }
        String word = scalar(mapping.getValue().get(0).getKeyNode());
        Node body = mapping.getValue().get(0).getValueNode();
        Kind kind = Arrays.stream(Kind.values()).filter(k -> k.word.equals(word)).findFirst()
                .orElseThrow(() -> new RouteFileProblem(file, line, "\"" + word + "\" is not one of " + words(), null));
        return switch (kind) {
            case CONFIGURATION -> new Unit(kind, id(file, body, line, "id"), line, text, List.of(), null, file);
            case TEMPLATE -> new Unit(kind, id(file, body, line, "id"), line, text, configurations(child(body, "route")), null, file);
            case ROUTE -> new Unit(kind, id(file, body, line, "id"), line, text, configurations(body), text(body, "from", "uri"), file);
            case TEMPLATED -> new Unit(kind, id(file, body, line, "routeId"), line, text,
                    List.of(Kind.TEMPLATE.word + " " + text(body, "routeTemplateRef")), null, file);
            case REST -> new Unit(kind, face(file, body, line), line, text, List.of(), null, file);
        };
    }

    private static String face(String file, Node body, int line) throws RouteFileProblem {
        String specification = text(body, "openApi", "specification");
        if (specification == null || !specification.endsWith(CONTRACT_SUFFIX)) {
            throw new RouteFileProblem(file, line, "A rest item names its contract: openApi: {specification: file:routes/api/<face>"
                    + CONTRACT_SUFFIX + "}", null);
        }
        String name = specification.substring(Math.max(specification.lastIndexOf('/'), specification.lastIndexOf(':')) + 1);
        return name.substring(0, name.length() - CONTRACT_SUFFIX.length());
    }

    private static String id(String file, Node body, int line, String key) throws RouteFileProblem {
        String id = text(body, key);
        if (id == null || id.isBlank()) {
            throw new RouteFileProblem(file, line, "\"" + key + "\" is missing: without it the item cannot be replaced on its own", null);
        }
        return id;
    }

    private static List<String> configurations(Node route) {
        String ids = text(route, "routeConfigurationId");
        return ids == null ? List.of() : Arrays.stream(ids.split(",")).map(id -> Kind.CONFIGURATION.word + " " + id.strip()).toList();
    }

    private static String text(Node node, String... path) {
        Node found = node;
        for (String key : path) {
            found = child(found, key);
        }
        return scalar(found);
    }

    private static Node child(Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (key.equals(scalar(tuple.getKeyNode()))) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    private static String scalar(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private static String words() {
        return String.join(", ", Arrays.stream(Kind.values()).map(kind -> kind.word).toList());
    }
}
