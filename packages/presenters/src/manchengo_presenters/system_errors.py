"""What the operating system refuses, in the operator's language: its own words are English.

The reasons that people meet have their words; any other is told as the system tells it.
"""

import errno

from manchengo_presenters.language import N_, _

REASONS = {
    errno.EACCES: N_("access is not permitted"),
    errno.EPERM: N_("this is not permitted"),
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EEXIST: N_("something bears that name already"),
    errno.EISDIR: N_("this is a folder"),
    errno.ENOTDIR: N_("a file stands where a folder is expected"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk may only be read"),
    errno.EIO: N_("the disk answers with an error"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EBUSY: N_("another program holds it"),
}


def reason(error: OSError) -> str:
    """Why the system refused, without a full stop."""
    known = REASONS.get(error.errno or 0)
    return _(known) if known else error.strerror or str(error)
