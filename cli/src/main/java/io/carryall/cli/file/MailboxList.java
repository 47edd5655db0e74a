package io.carryall.cli.file;

import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MailServer.Login.As;
import io.carryall.core.migration.MailboxPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the list of pairs. How the two sides log in decides which columns it must and must not have; null for a side that the migration file got wrong: then its password column is taken as it is.
 */
final class MailboxList {
    private static final String SOURCE = "source";
    private static final String TARGET = "target";
    private static final String SOURCE_PASSWORD = "source-password";
    private static final String TARGET_PASSWORD = "target-password";
    private static final String SOURCE_USER = "source-user";
    private static final String TARGET_USER = "target-user";
    private static final List<String> KNOWN = List.of(SOURCE, TARGET, SOURCE_PASSWORD, TARGET_PASSWORD, SOURCE_USER, TARGET_USER);

    private final Problems problems;
    private final References references;
    private final Login sourceLogin;
    private final Login targetLogin;
    private final boolean allowSharedTarget;
    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<String, Integer> linesByPair = new HashMap<>();
    private final Map<String, Integer> linesByTarget = new HashMap<>();
    private final List<MailboxPair> pairs = new ArrayList<>();
    private boolean unusedReported;

    MailboxList(Problems problems, References references, Login sourceLogin, Login targetLogin, boolean allowSharedTarget) {
        this.problems = problems;
        this.references = references;
        this.sourceLogin = sourceLogin;
        this.targetLogin = targetLogin;
        this.allowSharedTarget = allowSharedTarget;
    }

    List<MailboxPair> read(byte[] bytes) {
        List<Csv.Row> rows = Csv.read(bytes, problems);
        if (rows.isEmpty()) {
            if (problems.errors().isEmpty()) {
                problems.error(1, "the mailbox list is empty", "a header line (" + expectedHeader() + "), then a line a pair");
            }
            return List.of();
        }
        if (header(rows.get(0))) {
            rows.subList(1, rows.size()).forEach(this::pair);
            if (rows.size() == 1) {
                problems.error(rows.get(0).line(), "the mailbox list has a header and no pair", "a line a pair below it");
            }
        }
        return pairs;
    }

    private boolean header(Csv.Row row) {
        if (row.cells().stream().map(String::strip).noneMatch(KNOWN::contains)) {
            // Perhaps it is a pair with its passwords: not a word of it may be shown.
            problems.error(row.line(), "the first line is no header: it holds no column that is known", "the header " + expectedHeader());
            return false;
        }
        boolean right = true;
        for (int i = 0; i < row.cells().size(); i++) {
            String name = row.cells().get(i).strip();
            if (!KNOWN.contains(name)) {
                problems.error(row.line(), i + 1, "unknown column \"" + name + "\"", "\"" + Nearest.to(name, KNOWN) + "\" (the header is " + expectedHeader() + ")");
                right = false;
            } else if (columns.putIfAbsent(name, i) != null) {
                problems.error(row.line(), i + 1, "the column \"" + name + "\" stands twice", "each column once");
                right = false;
            }
        }
        return requireColumns(row.line()) && right;
    }

    private boolean requireColumns(int line) {
        boolean all = requireColumn(line, SOURCE, true, "") & requireColumn(line, TARGET, true, "");
        all &= requireColumn(line, SOURCE_PASSWORD, is(sourceLogin, As.USER), " (source.login.as is user)");
        return all & requireColumn(line, TARGET_PASSWORD, is(targetLogin, As.USER), " (target.login.as is user)");
    }

    private boolean requireColumn(int line, String name, boolean required, String why) {
        if (required && !columns.containsKey(name)) {
            problems.error(line, "the column \"" + name + "\" is missing" + why, "the header " + expectedHeader());
            return false;
        }
        return true;
    }

    private String expectedHeader() {
        return "source,target" + (is(sourceLogin, As.USER) ? ",source-password" : "") + (is(targetLogin, As.USER) ? ",target-password" : "");
    }

    private static boolean is(Login login, As as) {
        return login != null && login.as() == as;
    }

    private void pair(Csv.Row row) {
        if (row.cells().size() != columns.size()) {
            problems.error(row.line(), row.cells().size() + " cells", columns.size() + " as in the header (a comma inside a cell needs quotes around the cell)");
            return;
        }
        String source = address(row, SOURCE);
        String target = address(row, TARGET);
        String sourceSecret = password(row, SOURCE_PASSWORD, sourceLogin, "source/" + source);
        String targetSecret = password(row, TARGET_PASSWORD, targetLogin, "target/" + target);
        if (source != null && target != null && isNew(row.line(), source, target)) {
            pairs.add(new MailboxPair(source, target, user(row, SOURCE_USER), user(row, TARGET_USER), sourceSecret, targetSecret));
        }
    }

    private String address(Csv.Row row, String column) {
        String address = row.cells().get(columns.get(column)).strip();
        if (address.isEmpty()) {
            problems.error(row.line(), "the " + column + " mailbox is empty", "an address");
            return null;
        }
        if (address.chars().anyMatch(Character::isISOControl) || address.indexOf('\uFFFD') >= 0) {
            if (address.indexOf('\uFFFD') < 0) {
                problems.error(row.line(), "the " + column + " mailbox holds control characters", "an address");
            }
            return null;
        }
        return address;
    }

    private String user(Csv.Row row, String column) {
        String user = columns.containsKey(column) ? row.cells().get(columns.get(column)).strip() : "";
        if (user.chars().anyMatch(Character::isISOControl)) {
            problems.error(row.line(), "the " + column + " holds control characters", "a login name");
            return null;
        }
        return user.isEmpty() ? null : user;
    }

    /** The reference under which the password is known from now on. */
    private String password(Csv.Row row, String column, Login login, String owner) {
        String cell = columns.containsKey(column) ? row.cells().get(columns.get(column)) : "";
        if (is(login, As.ADMIN) && !cell.isEmpty() && !unusedReported) {
            unusedReported = true;
            problems.error(row.line(), "passwords in the column \"" + column + "\" are of no use: " + column.replace("-password", "") + ".login.as is admin", "no such column");
        }
        if (!is(login, As.USER)) {
            return null;
        }
        if (cell.isEmpty()) {
            problems.error(row.line(), "the " + column + " is empty", SecretReader.EXPECTED);
            return null;
        }
        return references.add("run:" + owner.toLowerCase(Locale.ROOT), cell, row.line(), column, problems);
    }

    private boolean isNew(int line, String source, String target) {
        String from = source.toLowerCase(Locale.ROOT);
        String to = target.toLowerCase(Locale.ROOT);
        Integer samePair = linesByPair.putIfAbsent(from + "\n" + to, line);
        if (samePair != null) {
            problems.error(line, "the pair " + source + " → " + target + " stands on line " + samePair + " already", "each pair once (case does not count)");
            return false;
        }
        Integer sameTarget = linesByTarget.putIfAbsent(to, line);
        if (sameTarget != null && !allowSharedTarget) {
            problems.error(line, "the target " + target + " already has a source on line " + sameTarget, "one source a target, or allow-shared-target: true in the migration file");
        }
        return true;
    }
}
