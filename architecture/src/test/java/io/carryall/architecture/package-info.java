/**
 * What holds the code together and no compiler checks: the arrows between modules, the habits of CONTRIBUTING.md, and that {@code deploy/} and {@code docs/} name what the code really has.
 *
 * <p>Nothing here runs the modules. Their class files are read from {@code target/classes} and {@code target/test-classes}, so that none of their libraries comes onto this class path; a module that is not compiled is a failure.
 */
package io.carryall.architecture;
