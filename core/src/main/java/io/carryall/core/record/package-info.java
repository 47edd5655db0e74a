/**
 * What travels through Kafka. Small, versioned, readable by a person (JSON on the wire); no secret and no message content. A record may come twice, late or from a zombie:
 * nothing may depend on it coming once.
 */
package io.carryall.core.record;
