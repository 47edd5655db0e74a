package io.carryall.core.item;

/**
 * What an item is, whatever its id.
 *
 * @param sizeBytes       bytes carried
 * @param dateEpochSecond the internal date
 * @param headers         digest of the identifying header fields, see {@link Fingerprinter}
 * @param content         digest of all bytes with line ends made canonical
 */
public record Fingerprint(long sizeBytes, long dateEpochSecond, String headers, String content) {

    /** The same content at the same second. Sizes may differ by line ends that a server made canonical. */
    public boolean matches(Fingerprint other) {
        return content.equals(other.content) && dateEpochSecond == other.dateEpochSecond;
    }

    /** Alike enough that nobody can say it is another message: a server may have changed it, or somebody else put it there. */
    public boolean resembles(Fingerprint other) {
        return content.equals(other.content) || headers.equals(other.headers);
    }

    /** One line of text that {@link #parse} reads back. */
    @Override
    public String toString() {
        return sizeBytes + ":" + dateEpochSecond + ":" + headers + ":" + content;
    }

    public static Fingerprint parse(String text) {
        String[] parts = text.split(":", 4);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not a fingerprint: " + text);
        }
        return new Fingerprint(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2], parts[3]);
    }
}
