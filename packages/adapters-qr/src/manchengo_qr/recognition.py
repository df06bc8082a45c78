"""A scanned text recognised: a label of the dairy, or a code that a supplier printed."""

from manchengo.domain.label import Label, NotALabel
from manchengo_qr.keyboard import as_american
from manchengo_qr.payload import read_label
from manchengo_qr.site_keys import SiteKeys
from manchengo_qr.supplier_codes import SupplierCode, read_supplier_code


def recognise(text: str, keys: SiteKeys) -> Label | SupplierCode:
    """What this text is, also where scanner and computer disagree about the keyboard.

    As ``read_label``: it is neither, or a label that is not to be trusted.
    """
    try:
        return read_label(text, keys)
    except NotALabel:
        for typed in (text, as_american(text)):
            if code := read_supplier_code(typed):
                return code
        raise
