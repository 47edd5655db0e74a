package io.carryall.testkit.simulator;

/** Inputs and effects as a trace tells them: names of records, without their packages, cut to a line. */
final class Words {
    private static final int LENGTH_MAX = 260;

    private Words() {}

    static String of(Object what) {
        String text = what.toString().replaceAll("(SourceItem|Fingerprint|FolderKey|PassId|TargetFolder|PairId|FolderId)\\[", "[").replaceAll("\\b(pass|folder|mailbox|generation|migration|number|value|uid|items)=", "");
        return text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "…" : text;
    }
}
