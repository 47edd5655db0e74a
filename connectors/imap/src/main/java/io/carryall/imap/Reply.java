package io.carryall.imap;

import io.carryall.core.port.MailException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A status response (RFC 9051 section 7.1): OK, NO, BAD, BYE or PREAUTH.
 *
 * @param code          response code in capitals, without arguments; empty where there was none
 * @param arguments     those of the code, as they came
 * @param text          cleaned
 * @param backoffMillis what the server asked us to wait, else 0
 */
record Reply(Status status, String code, String arguments, String text, long backoffMillis) {
    enum Status { OK, NO, BAD, BYE, PREAUTH }

    private static final Set<String> TRY_LATER = Set.of("UNAVAILABLE", "INUSE", "LIMIT", "THROTTLED", "OVERLOADED");
    private static final Pattern BACKOFF = Pattern.compile("backoff time: ?(\\d{1,9}) ?milliseconds", Pattern.CASE_INSENSITIVE);
    private static final Pattern BUSY = Pattern.compile("throttled|too many (simultaneous )?connections|maximum number of connections|try again later|temporar(y|ily)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOCKED = Pattern.compile("account[^.]*(locked|disabled|suspended|blocked)", Pattern.CASE_INSENSITIVE);

    /** Reads what stands behind the status word. */
    static Reply of(Status status, byte[] rest) {
        String line = new String(rest, StandardCharsets.ISO_8859_1).trim();
        String code = "";
        String arguments = "";
        int close = line.startsWith("[") ? line.indexOf(']') : -1;
        if (close > 0) {
            String[] inside = line.substring(1, close).trim().split(" ", 2);
            code = ServerText.clean(inside[0]).toUpperCase(Locale.ROOT);
            arguments = inside.length > 1 ? inside[1].trim() : "";
            line = line.substring(close + 1).trim();
        }
        String text = ServerText.clean(line.getBytes(StandardCharsets.ISO_8859_1));
        Matcher backoff = BACKOFF.matcher(text);
        return new Reply(status, code, arguments, text, backoff.find() ? Long.parseLong(backoff.group(1)) : 0);
    }

    boolean isOk() {
        return status == Status.OK;
    }

    /** Whether the server asks for time, by code or by its words. */
    boolean asksForTime() {
        // whatever its other words: trying again locks accounts, and keeps them locked
        if (code.equals("AUTHENTICATIONFAILED") || code.equals("AUTHORIZATIONFAILED") || LOCKED.matcher(text).find()) return false;
        return backoffMillis > 0 || TRY_LATER.contains(code) || BUSY.matcher(text).find();
    }

    /** What to throw when this was not hoped for. */
    MailException failure(MailException.Kind kind, String doing) {
        MailException.Kind told = asksForTime() ? MailException.Kind.TRY_LATER : kind;
        return new MailException(told, doing + ": the server says " + this, backoffMillis, null);
    }

    @Override
    public String toString() {
        return status + (code.isEmpty() ? " " : " [" + code + "] ") + text;
    }
}
