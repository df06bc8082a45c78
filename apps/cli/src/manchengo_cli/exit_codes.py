"""The exit codes of the program, by whose doing a failure is: a rule, the request, the machine."""

REFUSED, MISUSED, ENVIRONMENT, INTERRUPTED = 1, 2, 3, 130
