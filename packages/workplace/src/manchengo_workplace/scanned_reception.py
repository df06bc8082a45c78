"""A reception by the code that the supplier printed: its lot and its last day are proposed."""

from attrs import frozen

from manchengo.application.barcodes import products_with_barcode
from manchengo.domain.gtin import BarcodeTaken
from manchengo.domain.label import NotALabel
from manchengo.ports.rows import ProductRow, RawProductRow
from manchengo.ports.store import Snapshot
from manchengo_qr.recognition import recognise
from manchengo_qr.site_keys import SiteKeys
from manchengo_qr.supplier_codes import SupplierCode
from manchengo_workplace.scan_reading import Scanned, Source
from manchengo_workplace.scan_records import SHOWN_OF_A_CODE, ScanRecord, Task


@frozen
class ScannedReception:
    """``record``: what the audit keeps of the scan."""

    code: SupplierCode
    record: ScanRecord

    @classmethod
    def of(cls, text: str) -> "ScannedReception":
        """Raises ``NotALabel`` where that is no code of a supplier."""
        found = recognise(text, SiteKeys(()))
        if not isinstance(found, SupplierCode):
            raise NotALabel(scanned=text[:SHOWN_OF_A_CODE])
        scanned = Scanned(source=Source.SUPPLIER, supplier_code=found)
        return cls(found, ScanRecord(task=Task.RECEIVE, text=text, scanned=scanned))

    def must_be_of(self, snapshot: Snapshot, product: ProductRow) -> None:
        """``BarcodeTaken`` where the code is of another article of ours."""
        for row in products_with_barcode(snapshot, RawProductRow, self.code.gtin):
            if row.id != product.id:
                raise BarcodeTaken(barcode=self.code.gtin, product=row.code)
