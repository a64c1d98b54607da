"""The window around the pages: splash, rail, bars. Takes frozen values, gives ids; knows no rule."""
