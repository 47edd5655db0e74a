package io.carryall.testkit.dovecot;

/** How Dovecot keeps its mail on disk. */
public enum MailFormat {
    SDBOX("sdbox:~/sdbox"),
    MDBOX("mdbox:~/mdbox"),
    /** Its folders are flat directories, so its natural separator is a dot. */
    MAILDIR("maildir:~/Maildir");

    private final String location;

    MailFormat(String location) {
        this.location = location;
    }

    String location() {
        return location;
    }
}
