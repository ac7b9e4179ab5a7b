package dev.serai.catalog;

/** The PMS face where each hub has a cache and limits of its own. */
class PmsIT extends PmsFace {}
