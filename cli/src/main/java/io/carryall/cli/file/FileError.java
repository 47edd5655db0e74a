package io.carryall.cli.file;

import java.util.Comparator;

/**
 * One thing that is wrong, told so that it can be mended without looking anything up.
 *
 * @param file     as the operator would name it; null where no file is to blame (the command line)
 * @param line     from 1; 0 where no line is to blame
 * @param column   from 1; 0 where no column is known
 * @param expected what would have been right; null where the message says it all
 */
public record FileError(String file, int line, int column, String message, String expected) {

    static final Comparator<FileError> IN_FILE_ORDER = Comparator.comparingInt(FileError::line).thenComparingInt(FileError::column);

    public static FileError of(String message, String expected) {
        return new FileError(null, 0, 0, message, expected);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (file != null) {
            text.append(file).append(':');
            text.append(line > 0 ? line + ":" : "").append(line > 0 && column > 0 ? column + ":" : "").append(' ');
        }
        return text.append(message).append(expected == null ? "" : "; expected " + expected).toString();
    }
}
