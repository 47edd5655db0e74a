/** The REST protocol of control, for the command and for other programs: JSON over HTTP below {@code /api}, with a bearer token. Described in docs/control-api.md. */
package io.carryall.control.rest;
