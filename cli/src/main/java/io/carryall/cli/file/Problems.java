package io.carryall.cli.file;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file, instead of stopping at the first. Not thread-safe. */
final class Problems {
    private final String file;
    private final List<FileError> errors = new ArrayList<>();
    private final List<FileError> warnings = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void error(int line, int column, String message, String expected) {
        errors.add(new FileError(file, line, column, message, expected));
    }

    void error(int line, String message, String expected) {
        error(line, 0, message, expected);
    }

    void warning(int line, String message) {
        warnings.add(new FileError(file, line, 0, message, null));
    }

    List<FileError> errors() {
        return errors.stream().sorted(FileError.IN_FILE_ORDER).toList();
    }

    List<FileError> warnings() {
        return List.copyOf(warnings);
    }
}
