/** The result of a pass as scripts of operators read it: what {@code run --json} prints. A contract: it may grow, what stands here stays. */
package io.carryall.control.result;
