/** What runs inside a server's own JVM. Compiled for Java 11. */
package io.carryall.embedded.child;
