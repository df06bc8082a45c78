"""Devices, a server, a network, clocks and disks under one seed, and what befalls them all.

Production code runs. What is handed to it is ours: the time, the ids, the bytes on the way, the
disk and the moment of death. The same seed tells the same story, to the letter, on any machine.

    story, nodes, world     who there is: devices, the server, and the plant they make
    nature, programs        how hard a seed is on everybody, and which programs it has
    work (day, making, selling, registering), people
                            what people do at the devices
    arriving, exchanging    devices come, and exchange
    network                 what becomes of a message: lost, late, doubled, cut, answered by another
      direct                … that reaches the service of the server as it is
      http (loop)           … that travels as HTTP, from HttpLink to uvicorn, the door and the app
    files                   … that is carried by hand, where there is no network
    disks, postgres         what a power cut leaves, in memory, SQLite, PostgreSQL; and backups
    faults, poisons         what else befalls: copies, backups put back, wrong clocks, upgrades
    altering, forging, rewriting
                            devices in other hands
    lying, two_histories    a server in other hands
    signatures              who signed what, for the promises
    lives                   the morning, the days by chance, and the healing
    promises                what must be true in the end, whatever happened
    running, scenarios      a seed from its beginning to its end; and stories told by hand
    mutant, mutants …       faults that the promises must notice

Chance decides whether a seed exchanges over HTTP, and whether files are carried; PostgreSQL has to
be asked for. ``python3 dev.py simulate --help`` says how to ask for any of these.
"""
