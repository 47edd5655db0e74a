package io.carryall.testkit.mail;

/** A message and the folder that it belongs into, written with {@code /} between levels. */
public record GeneratedMail(String folder, Mail mail) { }
