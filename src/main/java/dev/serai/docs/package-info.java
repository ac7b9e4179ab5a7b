/** Owns the pages that show the faces' contracts: Swagger UI and ReDoc, served from within, without any outside address. */
package dev.serai.docs;
