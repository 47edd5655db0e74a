/**
 * Fakes of the ports, in memory, with faults on request. They pass the same {@link io.carryall.testkit.contract contract suites} as the real adapters: what a test
 * learns with a fake is true of the real thing as far as the suite goes.
 */
package io.carryall.testkit.fake;
