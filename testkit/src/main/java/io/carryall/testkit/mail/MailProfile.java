package io.carryall.testkit.mail;

/** What sizes a generated mailbox has. */
public enum MailProfile {
    /** Around 4 KB, at most 40 KB: many small messages. */
    SMALL(4_096, 0.55, 40_000, 0.0),
    /** Around 8 KB with a heavy tail up to 5 MB, one in eight with an attachment. */
    MIXED(8_192, 1.65, 5 << 20, 0.12);

    private static final int BYTES_MIN = 700;

    private final int medianBytes;
    private final double sigma;
    private final int bytesMax;
    final double attachmentShare;

    MailProfile(int medianBytes, double sigma, int bytesMax, double attachmentShare) {
        this.medianBytes = medianBytes;
        this.sigma = sigma;
        this.bytesMax = bytesMax;
        this.attachmentShare = attachmentShare;
    }

    /** A size of the lognormal distribution, from a standard normal number. StrictMath, so that all machines agree. */
    int bytes(double normal) {
        double bytes = medianBytes * StrictMath.exp(sigma * normal);
        return (int) Math.max(BYTES_MIN, Math.min(bytesMax, bytes));
    }
}
