/** Turns results into text for people, and shows what goes on meanwhile. Everything passes {@link io.carryall.cli.CleanText} on its way out. */
package io.carryall.cli.show;
