/** What Carryall decides, and nothing of how it is carried out. */
package io.carryall.core;
