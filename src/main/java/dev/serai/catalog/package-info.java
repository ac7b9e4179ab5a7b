/** Products, stock, orders and sales: the PMS face's views of the records, and the edits that it makes of them. */
package dev.serai.catalog;
