/**
 * What tests, the demo and the benchmarks stand on: real mail servers of one's own, mail to put into them, faults between client and
 * server, fakes of the ports and the contract suites that fakes and real adapters pass alike.
 *
 * <p>Surprising at first: {@link io.carryall.testkit.mail.PlainImap} shares no code with the IMAP connector, on purpose. A yardstick
 * made of the thing that it measures would be wrong in the same places.
 */
package io.carryall.testkit;
