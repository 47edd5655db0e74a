/**
 * JSON of the things that leave a process: the records on the topics ({@link io.carryall.json.PipelineJson}) and the migration that a pass was started with ({@link io.carryall.json.MigrationJson}).
 *
 * <p>Folder names come from mail servers and may hold what is no text, halves of surrogate pairs for instance (modified UTF-7 can say them). They are written as {@code \\uD800} escapes, so that what is read is what was written.
 */
package io.carryall.json;
