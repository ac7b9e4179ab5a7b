/** Preview: replays journalled changes through rules that are not in force, without writing anything. */
package dev.serai.preview;
