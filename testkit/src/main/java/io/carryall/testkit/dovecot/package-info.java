/** Private Dovecot servers. Start reading at {@link io.carryall.testkit.dovecot.Dovecot}. */
package io.carryall.testkit.dovecot;
