/** That {@code docs/} says what the code does, where that can be compared. What a page says of it in sentences is for people to keep true. */
package io.carryall.architecture.docs;
