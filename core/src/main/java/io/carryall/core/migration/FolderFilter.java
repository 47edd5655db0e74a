package io.carryall.core.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The filter on folders. A glob is a path in which {@code *} stands for any run of characters within one level and {@code **} for any run across levels, none included: {@code Junk/**} is Junk and everything below it. Case
 * counts, except in INBOX as the first level. A glob without wildcards names one folder, not its children.
 */
public final class FolderFilter {
    private final List<Glob> include;
    private final List<Glob> exclude;

    public FolderFilter(List<String> include, List<String> exclude) {
        this.include = include.stream().map(Glob::of).toList();
        this.exclude = exclude.stream().map(Glob::of).toList();
    }

    public boolean lets(FolderPath folder) {
        String path = joined(folder);
        return include.stream().anyMatch(glob -> glob.matches(path)) && exclude.stream().noneMatch(glob -> glob.matches(path));
    }

    public boolean lets(String path) {
        return lets(FolderPath.parse(path));
    }

    /** Whether an include glob without wildcards names this very folder. Folders that only show other folders' messages again ({@code \All}, {@code \Flagged}) are taken only then. */
    public boolean names(FolderPath folder) {
        return include.stream().anyMatch(glob -> glob.plain() && glob.matches(joined(folder)));
    }

    /** No mailbox name can hold a NUL (RFC 9051, section 9), so it serves as a delimiter that no name contains. */
    private static String joined(FolderPath folder) {
        return String.join("\0", folder.levels());
    }

    private record Glob(Pattern pattern, boolean plain) {

        static Glob of(String glob) {
            List<String> levels = collapsed(FolderPath.parse(glob).levels());
            StringBuilder regex = new StringBuilder();
            boolean delimit = false;
            for (int i = 0; i < levels.size(); i++) {
                boolean any = levels.get(i).equals("**");
                if (any && i == levels.size() - 1) {
                    regex.append(delimit ? "(?:\0.*)?" : ".*");
                } else {
                    regex.append(delimit ? "\0" : "").append(any ? "(?:.*\0)?" : level(levels.get(i)));
                }
                delimit = !any;
            }
            return new Glob(Pattern.compile(regex.toString(), Pattern.DOTALL), glob.indexOf('*') < 0);
        }

        /** Any depth of any depth is any depth. */
        private static List<String> collapsed(List<String> levels) {
            List<String> collapsed = new ArrayList<>();
            for (String level : levels) {
                if (!(level.equals("**") && !collapsed.isEmpty() && collapsed.get(collapsed.size() - 1).equals("**"))) {
                    collapsed.add(level);
                }
            }
            return collapsed;
        }

        private static String level(String glob) {
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < glob.length(); i++) {
                boolean star = glob.charAt(i) == '*';
                boolean twoStars = star && i + 1 < glob.length() && glob.charAt(i + 1) == '*';
                regex.append(twoStars ? ".*" : star ? "[^\0]*" : Pattern.quote(glob.substring(i, i + 1)));
                i += twoStars ? 1 : 0;
            }
            return regex.toString();
        }

        boolean matches(String path) {
            return pattern.matcher(path).matches();
        }
    }
}
