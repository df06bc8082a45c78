"""Every refusal, to be caught by its name: ``except refusals.NotEnoughInLot``.

``Refused`` is the root of all. Each carries its facts as attributes, and ``str`` names it and them
in English. A refusal changes nothing.
"""

from manchengo.application.bill_series import NumberOfAnotherDevice, NumberSkipsOne
from manchengo.application.command_check import NotACommand, NotWritable, WrongType
from manchengo.application.entry_size import TooMuchAtOnce
from manchengo.application.facts import RecordedOtherwise
from manchengo.application.handlers.lots import LotWasMade, NotARawMaterial
from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.application.replication.effects_check import DoesNotFollow
from manchengo.application.starting_lots import (
    NoLotsBehind,
    ReferenceOfSeveralKinds,
    ReferenceOfSeveralSuppliers,
)
from manchengo.application.undoing import NoSuchEntry, NothingHappened, NotTakenBack
from manchengo.application.unit_of_work import NeedsNewerProgram
from manchengo.domain.access import LastAdministrator, NoRights, NotPermitted
from manchengo.domain.billing import LineIncomplete
from manchengo.domain.credit_note import MoreThanBilledAtRate
from manchengo.domain.delivery import (
    CameBackSince,
    MoreThanOrdered,
    NotFreshEnough,
    NothingLoaded,
    NotLoadedThatMuch,
    ScannedLotNotProposed,
)
from manchengo.domain.device import MarkTaken, NotAMark
from manchengo.domain.errors import (
    AlreadyExists,
    Ambiguous,
    Archived,
    CodeMissing,
    CommandIdReused,
    NameMissing,
    NothingToDo,
    OutOfOrder,
    ReasonMissing,
    Refused,
    Unknown,
    WrongState,
)
from manchengo.domain.genesis import NotTheGenesis, PlantAlreadyFounded, PlantNotFounded
from manchengo.domain.gtin import BarcodeMistyped, BarcodeTaken, NotABarcode
from manchengo.domain.import_batch import SomethingDependsOnIt
from manchengo.domain.invitations import (
    InvitationExpired,
    InvitationFallen,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
)
from manchengo.domain.invoice import AlreadyBilled, MoreThanDue, NumberMissing
from manchengo.domain.label import (
    KeptForOthers,
    KeyboardInArabic,
    LabelKeyRevoked,
    LabelKeyUnknown,
    LabelNotAuthentic,
    NotALabel,
    ScannedAlready,
    WrongKindOfLabel,
    WrongLabel,
)
from manchengo.domain.label_keys import LabelKeyOutOfTurn, NotASealedKey
from manchengo.domain.lot.decide import (
    CountContradictsLater,
    DatedAfterOpening,
    LeftSinceTheCount,
    LotWasUsed,
    NoSupplierToCorrect,
    NotCountedSo,
    NotDeliveredThatMuch,
    NotFromASupplier,
    NotReservedThatMuch,
)
from manchengo.domain.lot.rules import (
    BeforeItCame,
    ExpiresBeforeReception,
    LotRecalledForGood,
    LotUnfit,
    NotEnoughInLot,
)
from manchengo.domain.payment import AnotherClient, ChequeDetailsMissing, MoreThanPaid
from manchengo.domain.person_keys import (
    KeyNotAdmitted,
    KeyNotProved,
    KeyTaken,
    NotAKey,
    NotSigned,
    SignedForAnotherPlant,
)
from manchengo.domain.plant import ServerKeyReplaced
from manchengo.domain.production_order.order import (
    AnotherProductMade,
    LotNotProposed,
    NotAnIngredient,
    NotEnoughMaterials,
    NothingConsumed,
)
from manchengo.domain.production_order.taking_back import NotPouredThatMuch
from manchengo.domain.recipe import IngredientTwice, NoRecipeInForce
from manchengo.domain.resolution import CannotResolveSo, NotParked
from manchengo.domain.sales_order import NoPrice, NotEnoughStock, ProductTwice
from manchengo.domain.values import PartOfAPiece, TooFine, TooLarge, UnitsDiffer

__all__ = [
    "AlreadyBilled",
    "AlreadyExists",
    "Ambiguous",
    "AnotherClient",
    "AnotherProductMade",
    "Archived",
    "BarcodeMistyped",
    "BarcodeTaken",
    "BeforeItCame",
    "CameBackSince",
    "CannotResolveSo",
    "ChequeDetailsMissing",
    "CodeMissing",
    "CommandIdReused",
    "CountContradictsLater",
    "DatedAfterOpening",
    "DoesNotFollow",
    "ExpiresBeforeReception",
    "IngredientTwice",
    "InvitationExpired",
    "InvitationFallen",
    "InvitationUnknown",
    "InvitationUsed",
    "InvitationWithdrawn",
    "KeptForOthers",
    "KeyNotAdmitted",
    "KeyNotProved",
    "KeyTaken",
    "KeyboardInArabic",
    "LabelKeyOutOfTurn",
    "LabelKeyRevoked",
    "LabelKeyUnknown",
    "LabelNotAuthentic",
    "LastAdministrator",
    "LeftSinceTheCount",
    "LineIncomplete",
    "LotNotProposed",
    "LotRecalledForGood",
    "LotUnfit",
    "LotWasMade",
    "LotWasUsed",
    "MarkTaken",
    "MoreThanBilledAtRate",
    "MoreThanDue",
    "MoreThanOrdered",
    "MoreThanPaid",
    "NameMissing",
    "NeedsNewerProgram",
    "NoLotsBehind",
    "NoPrice",
    "NoRecipeInForce",
    "NoRights",
    "NoSuchEntry",
    "NoSupplierToCorrect",
    "NotABarcode",
    "NotACommand",
    "NotAFinishedProduct",
    "NotAKey",
    "NotALabel",
    "NotAMark",
    "NotARawMaterial",
    "NotASealedKey",
    "NotAnIngredient",
    "NotCountedSo",
    "NotDeliveredThatMuch",
    "NotEnoughInLot",
    "NotEnoughMaterials",
    "NotEnoughStock",
    "NotFreshEnough",
    "NotFromASupplier",
    "NotLoadedThatMuch",
    "NotParked",
    "NotPermitted",
    "NotPouredThatMuch",
    "NotReservedThatMuch",
    "NotSigned",
    "NotTakenBack",
    "NotTheGenesis",
    "NotWritable",
    "NothingConsumed",
    "NothingHappened",
    "NothingLoaded",
    "NothingToDo",
    "NumberMissing",
    "NumberOfAnotherDevice",
    "NumberSkipsOne",
    "OutOfOrder",
    "PartOfAPiece",
    "PlantAlreadyFounded",
    "PlantNotFounded",
    "ProductTwice",
    "ReasonMissing",
    "RecordedOtherwise",
    "ReferenceOfSeveralKinds",
    "ReferenceOfSeveralSuppliers",
    "Refused",
    "ScannedAlready",
    "ScannedLotNotProposed",
    "ServerKeyReplaced",
    "SignedForAnotherPlant",
    "SomethingDependsOnIt",
    "TooFine",
    "TooLarge",
    "TooMuchAtOnce",
    "UnitsDiffer",
    "Unknown",
    "WrongKindOfLabel",
    "WrongLabel",
    "WrongState",
    "WrongType",
]
