package io.carryall.imap;

import java.io.IOException;

/** Bytes that are not what IMAP's grammar asks for at this place. Never thrown in the middle of a literal, so that the reader can go on with the next line. */
final class BadSyntax extends IOException {
    private static final long serialVersionUID = 1;

    BadSyntax(String what) {
        super(what);
    }
}
