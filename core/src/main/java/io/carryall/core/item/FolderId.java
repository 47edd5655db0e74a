package io.carryall.core.item;

/** The id of a source folder within its pair and generation; it stays when the folder is renamed. */
public record FolderId(String value) {
    public FolderId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a folder id is not empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
