/** Records: the platform's current state of each key, its versions, and the pipeline that applies changes to it in batches. */
package dev.serai.record;
