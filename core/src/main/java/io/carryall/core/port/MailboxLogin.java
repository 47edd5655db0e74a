package io.carryall.core.port;

/**
 * How to get into one mailbox.
 *
 * @param mailbox   the address that people know
 * @param user      whose mailbox: the authorization identity where an admin logs in, else the login name
 * @param admin     the authentication identity where an admin logs in, or null
 * @param separator between user and admin for servers that take {@code user*admin} as a login name; null for SASL PLAIN with authorization identity (RFC 4616)
 */
public record MailboxLogin(ServerAddress server, String mailbox, String user, String admin, String separator, Secret password) {}
