"""Faults that somebody could put into the program one day, and who would notice each.

source       where a change is made: a definition by its name, and a piece of it
loading      the program is loaded with the changes; nothing on the disk is touched
mutant       a mutant, and what its killing test says of it
mutants …    the rules, each broken once; the simulation has its own, in tests/simulation
__main__     the task: `python3 dev.py mutants`, all of them, or those named
"""
