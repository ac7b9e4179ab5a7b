/** The PMS's live clients: rooms for the stock of a product and the status of an order, over socket.io. */
package dev.serai.pms;
