package io.carryall.core.item;

/**
 * One folder of one target mailbox: what a lease is taken on, and the key of the copies topic. Whatever pair or migration writes there has the same one.
 *
 * @param mailbox target system and address, {@code system/address}, lower case
 * @param folder  the name exactly as the target's LIST gives it (or took it in CREATE), not decoded
 */
public record TargetFolder(String mailbox, String folder) {
    @Override
    public String toString() {
        return mailbox + "/" + folder;
    }
}
