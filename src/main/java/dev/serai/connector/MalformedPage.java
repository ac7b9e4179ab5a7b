package dev.serai.connector;

/** A page that is not what its connector declares. Trying again does not help; the run ends and says which page it was. */
class MalformedPage extends IllegalArgumentException {

    MalformedPage(String reason) {
        super(reason);
    }
}
