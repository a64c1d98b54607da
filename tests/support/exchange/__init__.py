"""An exchange of our own on 127.0.0.1, in Binance's spot dialect, in a process that outlives the program's."""
