package io.carryall.core.item;

/** What makes a source item itself. Nothing that can change while it stays the same item is part of it. {@code uid} is 32 bits unsigned on the wire, so a long. */
public record ItemKey(FolderKey folder, long uid) {}
