package io.carryall.core.item;

/** One pass of one migration. {@code number} counts from 1 within the migration. Written as {@code acme-wave-1#2}, which is also how facts name the pass that made them. */
public record PassId(String migration, int number) {
    public PassId {
        if (migration.isEmpty() || migration.indexOf('#') >= 0) {
            throw new IllegalArgumentException("a migration's name is not empty and holds no '#': " + migration);
        }
        if (number < 1) {
            throw new IllegalArgumentException("passes count from 1: " + number);
        }
    }

    public static PassId parse(String text) {
        int hash = text.lastIndexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException("not a pass id: " + text);
        }
        return new PassId(text.substring(0, hash), Integer.parseInt(text.substring(hash + 1)));
    }

    @Override
    public String toString() {
        return migration + "#" + number;
    }
}
