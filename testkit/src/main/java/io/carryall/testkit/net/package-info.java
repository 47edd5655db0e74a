/** What goes wrong between a client and a server: {@link io.carryall.testkit.net.FaultProxy}. */
package io.carryall.testkit.net;
