"""The door: the only way into raw tables. A record is loaded, or it is rejected with a code and kept whole."""
