/**
 * What every face shares over HTTP: error shapes, bounded bodies, and one answer for a repeated call.
 * It knows the faces by their paths only, and nothing of who may call them.
 */
package dev.serai.web;
