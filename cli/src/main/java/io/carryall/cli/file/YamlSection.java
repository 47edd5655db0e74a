package io.carryall.cli.file;

import io.carryall.core.migration.ByteSize;
import io.carryall.core.migration.FolderPath;
import io.carryall.core.migration.PointInTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the file, with the keys that it may have. Works on nodes, never on constructed objects: nodes know their lines, nothing is ever instantiated for a tag, and an alias is not expanded (we go only as deep as
 * known keys lead, so that a file of nested aliases costs nothing).
 *
 * <p>A value that is missing or wrong reads as absent; what is wrong has then been reported.
 */
final class YamlSection {
    private final String path;
    private final int line;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> keyLines = new LinkedHashMap<>();

    private YamlSection(String path, int line, Problems problems) {
        this.path = path;
        this.line = line;
        this.problems = problems;
    }

    /** Every unknown and every repeated key is reported here. */
    static YamlSection of(MappingNode node, String path, Problems problems, List<String> known) {
        YamlSection section = entries(node, path, problems);
        section.values.forEach((key, value) -> {
            if (!known.contains(key)) {
                problems.error(section.keyLines.get(key), "unknown key \"" + key + "\"" + (path.isEmpty() ? "" : " in " + path),
                        "\"" + Nearest.to(key, known) + "\" (known here: " + String.join(", ", known) + ")");
            }
        });
        return section;
    }

    private static YamlSection entries(MappingNode node, String path, Problems problems) {
        YamlSection section = new YamlSection(path, lineOf(node), problems);
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                section.report(keyNode, "a key that is " + kind(keyNode), "a name");
            } else if (section.values.putIfAbsent(scalar.getValue(), tuple.getValueNode()) != null) {
                section.report(keyNode, "\"" + scalar.getValue() + "\" stands twice", "each key once (first on line " + section.keyLines.get(scalar.getValue()) + ")");
            } else {
                section.keyLines.put(scalar.getValue(), lineOf(keyNode));
            }
        }
        return section;
    }

    int line() {
        return line;
    }

    int line(String key) {
        return keyLines.getOrDefault(key, line);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).flatMap(node -> scalar(node, name(key), "text"));
    }

    Optional<String> requiredText(String key, String expected) {
        requirePresence(key, expected);
        Optional<String> text = text(key);
        if (text.isPresent() && text.get().isBlank()) {
            report(values.get(key), name(key) + " is empty", expected);
            return Optional.empty();
        }
        return text;
    }

    void requirePresence(String key, String expected) {
        if (!has(key)) {
            problems.error(line, name(key) + " is missing", expected);
        }
    }

    boolean flag(String key) {
        Optional<String> text = Optional.ofNullable(values.get(key)).flatMap(node -> scalar(node, name(key), "true or false"));
        if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
            wrong(key, text.get(), "true or false");
        }
        return text.filter("true"::equals).isPresent();
    }

    <E extends Enum<E>> Optional<E> word(String key, Class<E> words) {
        String expected = List.of(words.getEnumConstants()).stream().map(YamlSection::word).collect(Collectors.joining(" or "));
        Optional<String> text = Optional.ofNullable(values.get(key)).flatMap(node -> scalar(node, name(key), expected));
        Optional<E> found = text.flatMap(t -> List.of(words.getEnumConstants()).stream().filter(e -> word(e).equals(t)).findFirst());
        if (text.isPresent() && found.isEmpty()) {
            wrong(key, text.get(), expected);
        }
        return found;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    Optional<Instant> time(String key) {
        Optional<String> text = Optional.ofNullable(values.get(key)).flatMap(node -> scalar(node, name(key), PointInTime.EXPECTED));
        Optional<Instant> time = text.flatMap(PointInTime::parse);
        if (text.isPresent() && time.isEmpty()) {
            wrong(key, text.get(), PointInTime.EXPECTED);
        }
        return time;
    }

    OptionalLong size(String key) {
        Optional<String> text = Optional.ofNullable(values.get(key)).flatMap(node -> scalar(node, name(key), ByteSize.EXPECTED));
        OptionalLong size = text.map(ByteSize::parse).orElse(OptionalLong.empty());
        if (text.isPresent() && size.isEmpty()) {
            wrong(key, text.get(), ByteSize.EXPECTED);
        }
        return size;
    }

    /** A whole number from 1 to {@code most}; 0 where absent. */
    int count(String key, int most) {
        String expected = "a whole number from 1 to " + most;
        Optional<String> text = Optional.ofNullable(values.get(key)).flatMap(node -> scalar(node, name(key), expected));
        if (text.isEmpty()) {
            return 0;
        }
        int count = text.get().matches("[0-9]{1,9}") ? Integer.parseInt(text.get()) : 0;
        if (count < 1 || count > most) {
            wrong(key, text.get(), expected);
            return 0;
        }
        return count;
    }

    Optional<YamlSection> section(String key, List<String> known) {
        return mapping(key).map(node -> of(node, name(key), problems, known));
    }

    /** A mapping from folders to folders. No folder can be made under a name with nothing between two levels. */
    Map<String, String> folders(String key) {
        Map<String, String> folders = new LinkedHashMap<>();
        mapping(key).map(node -> entries(node, name(key), problems)).ifPresent(own -> own.values.keySet().forEach(from -> own.text(from).ifPresent(to -> {
            if (FolderPath.parse(to).levels().contains("")) {
                own.wrong(from, to, "a folder of the target, with a name in each level, such as Archive/2024");
            } else {
                folders.put(from, to);
            }
        })));
        return folders;
    }

    List<String> list(String key) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            report(node, name(key) + " is " + kind(node), "a list such as [\"**\"]");
            return List.of();
        }
        List<String> items = new ArrayList<>();
        sequence.getValue().forEach(item -> scalar(item, name(key), "text in each place").ifPresent(items::add));
        return items;
    }

    /** Reports what is wrong with a value that has the right type. */
    void wrong(String key, String value, String expected) {
        report(values.get(key), name(key) + " is \"" + abbreviated(value) + "\"", expected);
    }

    /** Reports without showing the value. */
    void wrongSilently(String key, String message, String expected) {
        report(values.get(key), name(key) + " " + message, expected);
    }

    String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Optional<MappingNode> mapping(String key) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(mapping);
        }
        report(node, name(key) + " is " + kind(node), "a mapping (key: value)");
        return Optional.empty();
    }

    private Optional<String> scalar(Node node, String name, String expected) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return Optional.of(scalar.getValue());
        }
        report(node, name + " is " + kind(node), expected);
        return Optional.empty();
    }

    private void report(Node node, String message, String expected) {
        problems.error(lineOf(node), node.getStartMark().getColumn() + 1, message, expected);
    }

    private static String abbreviated(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static String kind(Node node) {
        return node instanceof MappingNode ? "a mapping" : node instanceof SequenceNode ? "a list" : node.getTag().equals(Tag.NULL) ? "empty" : "text";
    }
}
