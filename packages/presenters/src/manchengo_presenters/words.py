"""What the code calls things, in the operator's words: kinds, states, steps, movements, rights.

A stored name is looked up in its table and said in French; one that no table knows is shown as it
is, since a newer program may have written it. Adjectives agree with the noun they follow, so a
state is looked up with the kind of thing that is in it.
"""

from collections.abc import Iterable

from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Quantity, Unit
from manchengo_presenters import formatting
from manchengo_presenters.language import N_, _, ngettext

KINDS = {
    "supplier": N_("supplier"),
    "client": N_("client"),
    "product": N_("product"),
    "price_list": N_("price list"),
    "recipe": N_("recipe"),
    "lot": N_("lot"),
    "production_order": N_("production order"),
    "sales_order": N_("sales order"),
    "delivery": N_("delivery note"),
    "invoice": N_("invoice"),
    "credit_note": N_("credit note"),
    "payment": N_("payment"),
    "user": N_("user"),
    "import": N_("import"),
    "device": N_("device"),
    "plant": N_("plant"),
    "plant_details": N_("particulars of the plant"),
    "audit": N_("audit"),
    "resolution": N_("conflict"),
}

REFERENCES = {
    "reference": N_("lot, supplier's reference, order, delivery note or invoice"),
    "supplier_lot": N_("supplier's reference"),
    "supplier_day": N_("receptions of a day"),
}
"""What a trace or a recall may begin with, besides things that have a code of their own."""

LABEL_KINDS = {
    "LOT_MP": N_("raw-material lot"),
    "LOT_PF": N_("finished lot"),
    "ORDER": N_("production order"),
    "DELIVERY": N_("delivery note"),
    "SUPPLIER": N_("supplier's code"),
}
"""What a label is stuck on; or that a code is a supplier's."""

# In French the sales order and the invoice are feminine, everything else here is masculine.
STATES = {
    "planned": N_("planned"),
    "started": N_("started"),
    "completed": N_("completed"),
    "cancelled": N_("cancelled"),
    "placed": N_("order placed"),
    "confirmed": N_("order confirmed"),
    "partly_delivered": N_("order partly delivered"),
    "delivered": N_("order delivered"),
    "closed": N_("order closed"),
    "prepared": N_("prepared"),
    "dispatched": N_("dispatched"),
    "received": N_("received"),
    "draft": N_("draft"),
    "issued": N_("issued"),
    "settled": N_("invoice settled"),
    "allocated": N_("payment allocated"),
    "voided": N_("voided"),
    "finished": N_("finished"),
    "interrupted": N_("interrupted"),
    "undone": N_("undone"),
    "undoing": N_("undone in part"),
    "void": N_("closed without effect"),
    "retry": N_("recorded again"),
    "accept": N_("accepted as what its author says"),
    "other_lot": N_("recorded with another lot"),
    "other_code": N_("recorded under another code"),
    "judged": N_("settled by itself"),
    "set_aside": N_("set aside"),
    "open": N_("open"),
}
FEMININE_STATES = {
    "cancelled": N_("order cancelled"),
    "issued": N_("invoice issued"),
}
FEMININE = {"sales_order", "invoice"}

VAT_CLASSES = {"normal": N_("normal rate"), "reduced": N_("reduced rate"), "exempt": N_("exempt")}

PRODUCT_KINDS = {"MP": N_("raw material"), "PF": N_("finished product")}

PAYMENT_MODES = {
    "cash": N_("cash"),
    "cash_deposit": N_("cash paid into the account"),
    "cheque": N_("cheque"),
    "transfer": N_("bank transfer"),
    "card": N_("bank card"),
}

LOT_STATUSES = {
    "AVAILABLE": N_("available"),
    "RESERVED": N_("reserved"),
    "QUARANTINED": N_("in quarantine"),
    "BLOCKED": N_("blocked"),
    "RECALLED": N_("recalled"),
    "EXHAUSTED": N_("exhausted"),
    "VOIDED": N_("voided"),
    "EXPIRED": N_("expired"),
    "NOT_YET_HERE": N_("not yet here"),
}

SKIPPED = {
    "not_yet_here": N_("not yet here"),
    "quarantined": N_("in quarantine"),
    "blocked": N_("blocked"),
    "recalled": N_("recalled"),
    "expired": N_("expired"),
    "shelf_life_too_short": N_("too near its expiry for this client"),
    "exhausted": N_("nothing free"),
}

MOVEMENTS = {
    "receipt": N_("reception"),
    "production": N_("production"),
    "opening": N_("opening stock"),
    "consumption": N_("consumption"),
    "taken_back": N_("pouring taken back"),
    "delivery": N_("delivery"),
    "customer_return": N_("client return"),
    "supplier_return": N_("return to supplier"),
    "write_off": N_("write-off"),
    "count": N_("count"),
    "count_taken_back": N_("count taken back"),
    "void": N_("never came"),
}

USES = {
    "consumption": N_("some of it was poured"),
    "delivery": N_("some of it was delivered"),
    "customer_return": N_("some of it was delivered"),
    "supplier_return": N_("some of it was sent back"),
    "write_off": N_("some of it was written off"),
    "count": N_("it was counted"),
    "reserved": N_("some of it is reserved for an order"),
    "loaded": N_("some of it is in a van"),
    "claimed": N_("somebody recorded a use of it that waits for a decision"),
}
"""Why a lot is not void."""

INSTEAD = {
    "change": N_("Change it again, to what it was."),
    "register": N_("Register it again, under another code."),
    "block": N_("Decide again on the lot: block it, put it in quarantine or release it."),
    "count": N_("Count the lots concerned, or correct them."),
    "receive": N_("Receive the lot again, under another code."),
    "cancel": N_("Cancel the order."),
    "reopen": N_("Reopen the order, take back what was poured, and cancel it."),
    "end_again": N_("End it again, as it was."),
    "pour": N_("Pour it again."),
    "load": N_("Load it again."),
    "return": N_("Record what comes back as a return."),
    "credit": N_("Issue a credit note."),
    "void_payment": N_("Void the payment, and record it again."),
    "pay": N_("Record the payment again."),
    "import": N_("Import the file again."),
    "for_good": N_("It is for good."),
}
"""What people do about a step that no command takes back."""

STEPS = {
    "reserve": N_("reserve a lot"),
    "count": N_("count a lot"),
    "release": N_("release a lot"),
    "start": N_("start"),
    "consume": N_("pour a material"),
    "take back": N_("take a pouring back"),
    "take back count": N_("take a count back"),
    "complete": N_("complete"),
    "cancel": N_("cancel"),
    "confirm": N_("confirm"),
    "deliver": N_("deliver"),
    "close": N_("close"),
    "reopen": N_("reopen"),
    "load": N_("load a lot"),
    "unload": N_("take a lot off the van"),
    "dispatch": N_("let the van leave"),
    "receive": N_("confirm the reception"),
    "return": N_("record a return"),
    "issue": N_("issue"),
    "credit": N_("credit"),
    "pay": N_("pay"),
    "allocate": N_("allocate"),
    "void": N_("void"),
    "void lot": N_("void a lot"),
    "finish": N_("finish"),
    "undo": N_("undo"),
    "write off": N_("write off"),
    "send back": N_("send back to the supplier"),
    "quarantine": N_("put in quarantine"),
    "block": N_("block"),
    "recall": N_("recall"),
    "correct": N_("correct a lot"),
    "loss": N_("declare a loss"),
    "resolve": N_("decide on a conflict"),
    "set_aside": N_("set a conflict aside"),
    "take_up": N_("take a conflict up again"),
    "withdraw": N_("withdraw a device"),
}

DONE = {
    "place": N_("the order"),
    "confirm": N_("the confirmation"),
    "deliver": N_("the last delivery"),
    "load": N_("the last loading"),
    "dispatch": N_("the departure"),
    "start": N_("the start"),
    "consume": N_("the last pouring"),
    "draft": N_("the draft"),
    "end": N_("the closing"),
    "issue": N_("the issue"),
    "receive": N_("the receipt of the money"),
    "allocate": N_("the last allocation"),
}
"""A step that was taken, where another is dated before it."""

AMOUNTS = {
    "quantity": N_("a quantity above zero"),
    "correction": N_("the value that is right"),
    "planned quantity": N_("a planned quantity above zero"),
    "outputs": N_("a lot that came out, or a loss"),
    "order lines": N_("at least one line"),
    "delivery lines": N_("something that is reserved for the order and has not left yet"),
    "return lines": N_("at least one lot that came back"),
    "amount": N_("an amount above zero"),
    "bill lines": N_("at least one line"),
    "recipe": N_("a batch and at least one ingredient"),
    "ingredient": N_("a quantity above zero for each ingredient"),
    "user": N_("a name and at least one role"),
    "roles": N_("at least one role"),
    "device": N_("a name and a key"),
    "key": N_("a key that this person has"),
    "label_key": N_("a key of labels that was made"),
    "invitation": N_("an invitation that this person has"),
}

FIELDS = {
    "designation": N_("designation"),
    "quantity": N_("quantity"),
    "discount": N_("discount"),
}

PERMISSIONS = {
    "manage_people": N_("manage users"),
    "manage_devices": N_("manage devices"),
    "manage_keys": N_("manage keys"),
    "keep_own_keys": N_("keep one's own keys"),
    "keep_parties": N_("keep suppliers and clients"),
    "keep_plant": N_("keep the particulars of the plant"),
    "keep_products": N_("keep products"),
    "keep_recipes": N_("keep recipes"),
    "receive": N_("receive materials"),
    "enter_opening_stock": N_("enter the opening stock"),
    "count_stock": N_("count lots"),
    "write_off": N_("write off lots"),
    "correct_lots": N_("correct lots"),
    "block_lots": N_("block lots"),
    "release_lots": N_("release lots"),
    "recall_lots": N_("recall lots"),
    "produce": N_("produce"),
    "sell": N_("sell"),
    "deliver": N_("deliver"),
    "issue_invoices": N_("draft and issue invoices"),
    "collect": N_("take payments"),
    "credit_or_void": N_("credit invoices and void payments"),
    "import": N_("import files"),
    "undo_imports": N_("undo imports"),
    "resolve": N_("decide on conflicts"),
    "set_aside": N_("set aside what cannot be read"),
    "read_parties": N_("read the contacts of suppliers and clients"),
    "read_prices": N_("read prices and amounts"),
    "read_audit": N_("read the audit"),
    "verify": N_("verify the database"),
    "back_up": N_("back up the database"),
    "restore": N_("restore a backup"),
    "rebuild": N_("make the views again"),
}

FORMER_PERMISSIONS = {
    "administer": N_("manage users"),
    "adjust_stock": N_("count, correct and write off lots"),
    "judge_quality": N_("block, release or recall lots"),
    "invoice": N_("invoice and take payments"),
}
"""Names that refusals in logs and audits bear from before this work was split. Nothing needs such a
permission any more.
"""

ROLES = {
    "admin": N_("administrator"),
    "appro": N_("supply"),
    "production": N_("workshop"),
    "commercial": N_("sales"),
    "livreur": N_("driver"),
    "comptable": N_("accountant"),
}

FAULTS = {
    "content": N_("its content was changed"),
    "link": N_("it does not follow the commit before it"),
    "gap": N_("a commit is missing before it"),
    "added": N_("it was added behind the last one that the database knows of"),
    "tip": N_("commits are missing at the end"),
    "verdict": N_("what became of it was changed"),
    "effects": N_("what happened by it does not follow from what was recorded"),
    "signature": N_("no device signed it that the log let in"),
    "author": N_("its author did not sign it with a key that the log admits"),
    "place": N_("its number in the tables was changed"),
    "stamp": N_("the last time stamp kept for the device was changed"),
    "history": N_("it does not follow from what happened before it"),
}

WHY_WHOLE = {
    "none": N_("nothing was verified here under your name before"),
    "unsigned": N_("only who is signed in with a key of their own goes on from the last time"),
    "altered": N_("the note of the last verification is not what you sealed"),
    "device": N_("this database is a copy of another"),
    "epoch": N_("the server began its log anew"),
    "rewritten": N_(
        "what was verified before does not end any more as it did. Unless a server was restored, "
        "somebody wrote it anew: compare it with a backup"
    ),
    "old": N_("the last time was a month ago, or on a day that is yet to come"),
    "many": N_("very much was added since the last time"),
    "fault": N_(
        "what was added since the last time does not fit what was verified then. Where everything "
        "is sound all the same, somebody may have written the log anew: compare it with a backup"
    ),
}

AUDIT_FAULTS = {
    "content": N_("its content was changed"),
    "link": N_("it does not follow the record before it"),
    "gap": N_("records are missing before it"),
    "tip": N_("records are missing at the end"),
    "unreadable": N_("what is stored there is no record"),
    "lost": N_("it is missing, although the device signed for it"),
    "rewritten": N_("another record is in its place than the one that the device signed for"),
    "beginning": N_(
        "it was removed with all before it, at a place for which the device never signed"
    ),
}

VERDICTS = {
    "accepted": N_("accepted"),
    "reallocated": N_("accepted with other lots"),
    "rejected": N_("refused"),
    "parked": N_("parked until a program reads it"),
}
"""What the log says of a commit."""

COMMANDS = {
    "supplier.register": N_("a new supplier"),
    "supplier.change": N_("a change of a supplier"),
    "supplier.archive": N_("archiving a supplier"),
    "client.register": N_("a new client"),
    "client.change": N_("a change of a client"),
    "client.archive": N_("archiving a client"),
    "product.register": N_("a new product"),
    "product.change": N_("a change of a product"),
    "product.set_density": N_("the density of a product"),
    "product.archive": N_("archiving a product"),
    "price_list.register": N_("a new price list"),
    "price_list.change": N_("a change of a price list"),
    "price_list.set_price": N_("a price in a price list"),
    "price_list.archive": N_("archiving a price list"),
    "recipe.define": N_("a recipe"),
    "recipe.archive": N_("archiving a recipe"),
    "lot.receive": N_("a reception"),
    "lot.enter_opening_stock": N_("a lot of the opening stock"),
    "lot.quarantine": N_("a quarantine"),
    "lot.block": N_("blocking a lot"),
    "lot.release": N_("releasing a lot"),
    "lot.recall": N_("a recall"),
    "lot.send_back": N_("a return to a supplier"),
    "lot.write_off": N_("a write-off"),
    "lot.count": N_("a count of stock"),
    "lot.void": N_("a lot recorded by mistake"),
    "lot.take_back_count": N_("taking back a count"),
    "lot.correct": N_("the correction of a lot"),
    "production_order.plan": N_("a new production order"),
    "production_order.start": N_("the start of a production order"),
    "production_order.consume": N_("pouring a material"),
    "production_order.take_back": N_("taking a pouring back"),
    "production_order.complete": N_("the end of a production order"),
    "production_order.cancel": N_("cancelling a production order"),
    "production_order.reopen": N_("reopening a production order"),
    "production_order.produce": N_("a production"),
    "sales_order.place": N_("a new sales order"),
    "sales_order.confirm": N_("confirming a sales order"),
    "sales_order.cancel": N_("cancelling a sales order"),
    "sales_order.close": N_("closing a sales order"),
    "sales_order.reopen": N_("reopening a sales order"),
    "sales_order.sell": N_("a sale"),
    "delivery.prepare": N_("preparing a delivery"),
    "delivery.load": N_("loading a lot"),
    "delivery.unload": N_("taking a lot off the van"),
    "delivery.dispatch": N_("the van leaving"),
    "delivery.confirm_reception": N_("a client's confirmation of reception"),
    "delivery.return": N_("a return from a client"),
    "delivery.cancel": N_("cancelling a delivery"),
    "delivery.reopen": N_("reopening a delivery"),
    "delivery.deliver": N_("a delivery at once"),
    "invoice.draft": N_("the draft of an invoice"),
    "invoice.issue": N_("issuing an invoice"),
    "credit_note.draft": N_("the draft of a credit note"),
    "credit_note.issue": N_("issuing a credit note"),
    "payment.receive": N_("a payment received"),
    "payment.allocate": N_("allocating a payment"),
    "payment.void": N_("voiding a payment"),
    "user.register": N_("a new user"),
    "user.change_roles": N_("a change of roles"),
    "user.deactivate": N_("deactivating a user"),
    "device.enrol": N_("enrolling a device"),
    "device.withdraw": N_("withdrawing a device"),
    "device.allow_renewal": N_("another copy of a device"),
    "device.lift_quota": N_("lifting the daily limit of a device"),
    "audit.anchor": N_("where the audit of a device ends"),
    "user.admit_key": N_("admitting a key"),
    "user.admit_own_key": N_("admitting a key of one's own"),
    "user.withdraw_key": N_("withdrawing a key"),
    "user.invite": N_("inviting a person"),
    "user.withdraw_invitation": N_("withdrawing an invitation"),
    "plant.found": N_("founding the plant"),
    "plant.require_signing": N_("everybody must sign"),
    "plant.replace_server_key": N_("another key of the server"),
    "plant.make_label_key": N_("a new key for labels"),
    "plant.request_label_keys": N_("a device asks for the key of labels"),
    "plant.grant_label_key": N_("the key of labels for a device"),
    "plant.withdraw_label_key": N_("withdrawing a key of labels"),
    "plant_details.change": N_("a change of the particulars of the plant"),
    "import.start": N_("the start of an import"),
    "import.finish": N_("the end of an import"),
    "import.undo": N_("undoing an import"),
    "resolution.resolve": N_("a decision on a conflict"),
    "resolution.report_reused_id": N_("a reused identifier"),
    "resolution.set_aside": N_("setting aside what cannot be read"),
    "resolution.take_up": N_("taking up again what was set aside"),
}
"""What was asked of the dairy, as a list of conflicts names it."""

AUDITED = COMMANDS | {
    "read": N_("reading"),
    "keys.read": N_("reading who has which key"),
    "key.given": N_("giving a key"),
    "resolution.accept": N_("accepting what came too late"),
    "computer.locks_after": N_("saying when this computer locks"),
    "session.begun": N_("signing in"),
    "session.unlocked": N_("unlocking a key for one command"),
    "session.refused": N_("trying to sign in"),
    "session.ended": N_("signing out"),
    "session.token": N_("coming to the server"),
    "session.push": N_("exchanging with the server"),
    "session.enrol": N_("letting a device in"),
    "session.renew": N_("letting a copy of a device in"),
    "devices.read": N_("reading which program each device has"),
    "session.code_given": N_("a code that lets a device in"),
    "lockout.lifted": N_("lifting a lock-out"),
    "passphrase.changed": N_("another passphrase"),
    "key.begun": N_("beginning a key here"),
    "key.tokens_replaced": N_("another key of the server's tokens"),
    "key.bundles_replaced": N_("another key of the server's files"),
    "key.signing_next": N_("making the server's next key"),
    "key.wrapped": N_("sealing the server's keys"),
    "database.rekeying": N_("another key of the database"),
    "backup.begun": N_("a backup that begins"),
    "backup.made": N_("a backup"),
    "backup.updated": N_("adding to a backup"),
    "backup.made_again": N_("a backup made anew"),
    "backup.restored": N_("restoring a backup"),
    "log.verified": N_("a verification"),
    "views.rebuilt": N_("making the views anew"),
    "export.delivery_note": N_("printing a delivery note"),
    "export.recall_list": N_("printing the calls of a recall"),
    "export.labels": N_("printing labels"),
    "recall.drilled": N_("a recall drill"),
    "sync": N_("an exchange"),
    "scan.look": N_("scan: looking what it is"),
    "scan.receive": N_("scan: receiving a material"),
    "scan.pour": N_("scan: pouring a material"),
    "scan.load": N_("scan: loading a lot"),
    "scan.count": N_("scan: counting a lot"),
    "scan.hand_over": N_("scan: handing over a delivery"),
    "sync.exported": N_("writing a file for the server"),
    "sync.imported": N_("reading the server's file"),
    "log.recovery_opened": N_("putting the server back from a backup"),
    "log.epoch_begun": N_("beginning another epoch of the log"),
    "log.mended": N_("judging again what devices refused"),
}
"""What the audit tells of, commands that were refused included."""

WAYS = {
    "void": N_("close it without effect"),
    "retry": N_("record it again"),
    "accept": N_("accept it as what its author says"),
    "other_lot": N_("record it with another lot"),
    "other_code": N_("record it under another code"),
}
"""How a person may close a conflict."""

STEPS_OF_ITEMS = WAYS | {
    "set_aside": N_("set it aside"),
    "take_up": N_("take it up again"),
}
"""What a person may do with a conflict."""

CLAIMS = {
    "received": N_("received"),
    "poured": N_("poured"),
    "taken_back": N_("pouring taken back"),
    "produced": N_("came out"),
    "prepared": N_("delivery prepared"),
    "loaded": N_("loaded"),
    "unloaded": N_("taken off the van"),
    "delivered": N_("delivered to a client"),
    "returned": N_("came back"),
    "sent_back": N_("sent back to the supplier"),
    "written_off": N_("lost or destroyed"),
    "counted": N_("counted"),
    "touched": N_("concerned"),
}
"""What a rejected commit claims happened in the workshop."""


def word(table: dict[str, str], name: str) -> str:
    """The operator's word for a stored name; the name itself when the table does not have it."""
    return _(table[name]) if name in table else name


def roles(names: Iterable[str]) -> str:
    """``administrateur, livreur``."""
    return ", ".join(word(ROLES, role) for role in sorted(names))


def state(kind: str, name: str) -> str:
    """The state of a thing of that kind, agreeing with it: ``annulé``, ``annulée``."""
    if kind in FEMININE and name in FEMININE_STATES:
        return _(FEMININE_STATES[name])
    return word(STATES, name)


def measure(quantity: Quantity) -> str:
    """``1 250,5 kg``, ``1 pièce``, ``12 pièces``."""
    return measured(quantity.thousandths, quantity.unit)


def measured(thousandths: int, unit: str) -> str:
    """The same of a number of thousandths, which may be negative."""
    return formatting.quantity(thousandths, unit_word(thousandths, unit))


def price(centimes: int, per: int, unit: str) -> str:
    """``62,00 DA`` for one unit, ``0,35 DA les 100 pièces`` for several."""
    amount = formatting.money(centimes)
    if per == 1:
        return amount
    return _("{amount} for {quantity}").format(amount=amount, quantity=measured(per * 1000, unit))


def price_without_unit(price: UnitPrice) -> str:
    """``0,35 DA pour 100 unités``, where the unit is not at hand."""
    amount = formatting.money(price.centimes)
    if price.per == 1:
        return amount
    return _("{amount} for {count} units").format(amount=amount, count=formatting.number(price.per))


def unit_word(thousandths: int, unit: str) -> str:
    """The unit as it is written after that amount: French says ``1,9 pièce``, ``2 pièces``."""
    whole = abs(thousandths) // 1000
    match unit:
        case Unit.PIECE:
            return ngettext("piece", "pieces", whole)
        case Unit.CARTON:
            return ngettext("carton", "cartons", whole)
        case _:
            return str(unit)
