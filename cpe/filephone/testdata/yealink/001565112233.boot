#!version:1.0.0.1
## What every phone takes, then its own; the file for T23G is not for this one.
overwrite_mode = 1
include:config <y000000000066.cfg>
[T23G]include:config <small.cfg>
[T46S, T48S]include:config "001565112233.cfg"
