"""One instance per home: the lock decides who owns it, and the local socket only talks."""
