"""What screens show and what may be done on them, in French, whatever draws them.

A view-model holds plain values and sentences; its methods are what a person does. It asks the dairy
through ``Office`` and waits beside the loop that draws. Nothing here knows a toolkit.
"""
