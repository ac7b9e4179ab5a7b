/** Schedules: what is to be started regularly, kept in the database, so that it survives restarts and one hub of several starts it. */
package dev.serai.schedule;
