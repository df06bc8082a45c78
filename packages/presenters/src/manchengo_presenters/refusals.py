"""The sentence of each refusal: what happened, why, what to do. ``refusal_text`` fills it in."""

from manchengo.application import (
    bill_series,
    command_check,
    entry_size,
    starting_lots,
    undoing,
    unit_of_work,
)
from manchengo.application.facts import RecordedOtherwise
from manchengo.application.handlers import lots, registers
from manchengo.application.replication.effects_check import DoesNotFollow
from manchengo.domain import (
    access,
    billing,
    credit_note,
    delivery,
    device,
    errors,
    genesis,
    gtin,
    import_batch,
    invitations,
    invoice,
    label,
    label_keys,
    payment,
    person_keys,
    plant,
    production_order,
    recipe,
    resolution,
    sales_order,
    values,
)
from manchengo.domain.errors import Refused
from manchengo.domain.lot import decide as lot
from manchengo.domain.lot import rules as lot_rules
from manchengo_presenters import words
from manchengo_presenters.language import N_

NAMED_BY_THE_PROGRAM = {"invoice", "credit_note", "payment", "import", "device", "resolution"} | {
    *words.REFERENCES
}
"""Kinds of which nobody records one under a code of their choice."""

NOT_FOUND = N_("Not found: {kind} “{reference}”. Nothing bears that name: check it.")

SENTENCES: dict[type[Refused], str] = {
    # Anything.
    errors.Unknown: N_(
        "Not found: {kind} “{reference}”. Nothing is recorded under that code: check it, "
        "or record it first."
    ),
    errors.Ambiguous: N_(
        "Several are called “{reference}” ({kind}): {found}. "
        "Give the exact name, or the identifier."
    ),
    starting_lots.ReferenceOfSeveralKinds: N_(
        "“{reference}” may be several things: {kinds}. Say which is meant (at the terminal: --as)."
    ),
    starting_lots.ReferenceOfSeveralSuppliers: N_(
        "Several suppliers gave lots the reference “{reference}”: {suppliers}. Say whose is meant "
        "(at the terminal: --supplier)."
    ),
    starting_lots.NoLotsBehind: N_(
        "No lot came in, out or away with {kind} “{reference}” yet. Begin with a lot, or look at "
        "what is open."
    ),
    errors.AlreadyExists: N_("The code “{reference}” is taken already ({kind}). Choose another."),
    errors.CodeMissing: N_(
        "A code is needed for this {kind}: it is by its code that people name it. Give one."
    ),
    errors.NameMissing: N_("A name is needed for this {kind}. Give one."),
    command_check.NotACommand: N_(
        "What was given is no command ({given}): nothing was recorded. Give one of those in "
        "“manchengo.commands”."
    ),
    command_check.WrongType: N_(
        "The command {command} was not recorded, because it could not be read again: its field "
        "“{field}” must be of the type {expected}, and what was given is of the type {given}. "
        "Give a value of exactly that type."
    ),
    command_check.NotWritable: N_(
        "The command {command} was not recorded, because a text or a number in it cannot be "
        "stored ({why}). Type it again."
    ),
    entry_size.TooMuchAtOnce: N_(
        "This is more than one exchange carries ({size} MB, at most {most} MB), so nothing was "
        "recorded ({command}). Do it in several steps. An import is undone whole from the list of "
        "imports."
    ),
    errors.WrongState: N_(
        "Not possible now: {step}. The {kind} {code} is in the state “{state}”, "
        "which does not allow it. Check the code, and what was recorded of it before."
    ),
    errors.OutOfOrder: N_(
        "Impossible date for this step ({step}, {kind} {code}): {on}, before {after}, which is of "
        "{after_on}. Check the date: a step cannot come before the one that it follows."
    ),
    errors.NothingToDo: N_("There is nothing to record: {what} is needed."),
    errors.ReasonMissing: N_(
        "A reason is needed here: {step}. Write in a few words why; it stays in the history."
    ),
    errors.Archived: N_(
        "Archived: {kind} {code}. Nothing new may use it: choose another, or record a new one."
    ),
    # People and devices.
    access.NotPermitted: N_(
        "You may not do this ({permission}): your roles are {roles}. These roles may: {holders}. "
        "Ask somebody who has one of them to do it, or an administrator to give you one."
    ),
    access.NoRights: N_(
        "Nothing was recorded: {user} may do nothing here, because they are not known, have left "
        "or have no role. Ask an administrator for a role."
    ),
    person_keys.NotAKey: N_(
        "“{given}” is no public key: it has 64 digits and letters from a to f. Copy it again."
    ),
    person_keys.KeyNotProved: N_(
        "Nothing was recorded: nothing shows that the key belongs to who is to have it. Begin a "
        "new key with “manchengo passwd”, which signs with it; bring an older program up to date."
    ),
    plant.ServerKeyReplaced: N_(
        "Nothing was recorded: the server's key was replaced before, and each key comes only once. "
        "Exchange with the server; where it still signs with a key that is not known here, have it "
        "make another one, with “manchengo-server keys replace-signing”."
    ),
    device.NotAMark: N_(
        "“{given}” does not distinguish the codes of a device: give it capital letters from A to "
        "Z, one to three of them, or none, and it has the next that are free."
    ),
    device.MarkTaken: N_(
        "The letters {mark} are those of {bearer}: two devices would give the same codes. Give "
        "others, or none, and the device has the next that are free."
    ),
    person_keys.KeyTaken: N_(
        "That key is taken: it is or was that of {bearer}. Each person has a key of their own on "
        "each device: make a new one."
    ),
    person_keys.KeyNotAdmitted: N_(
        "Nothing was recorded: this is not signed with a key that {user} has on this device. Ask "
        "an administrator to admit the key."
    ),
    person_keys.SignedForAnotherPlant: N_(
        "Nothing was recorded: {user} signed this for another plant. Record it again here."
    ),
    genesis.NotTheGenesis: N_(
        "Nothing was recorded: {founder} did not found this plant by that. It is founded by what "
        "its founder signed first, and its fingerprint is of that alone."
    ),
    genesis.PlantNotFounded: N_(
        "Nothing was recorded: what the founder of this plant signed first has not come in yet. "
        "Exchange with the server, then record it again."
    ),
    genesis.PlantAlreadyFounded: N_(
        "Nothing was recorded: this plant was founded before, and a plant is founded once. For "
        "another one, make a new database."
    ),
    person_keys.NotSigned: N_(
        "Nothing was recorded: {user} must sign what they record, with a key of their own that an "
        "administrator has admitted on this device."
    ),
    invitations.InvitationUnknown: N_(
        "This device knows of no invitation for {user} under that code. Check the code, exchange "
        "with the server so that the invitation comes in, then type it again."
    ),
    invitations.InvitationUsed: N_(
        "The invitation for {user} has been used, and it is good for one time. Ask an "
        "administrator for another one. If it was not you who used it, say so now."
    ),
    invitations.InvitationExpired: N_(
        "The last day of the invitation for {user} was {expires_on}. Ask an administrator for "
        "another one."
    ),
    invitations.InvitationWithdrawn: N_(
        "The invitation for {user} was withdrawn ({reason}). Ask an administrator for another one."
    ),
    invitations.InvitationFallen: N_(
        "The invitation for {user} counts no more, because {invited_by}, who gave it, may not "
        "invite any more. Ask another administrator for one."
    ),
    errors.CommandIdReused: N_(
        "The command id {command_id} was used already, for something else ({recorded}). "
        "Nothing was recorded this time: use a new id."
    ),
    unit_of_work.NeedsNewerProgram: N_(
        "A newer version of the program wrote about this ({kind} {reference}): this one cannot "
        "judge it. Bring this program up to date, then try again."
    ),
    # What devices recorded apart.
    RecordedOtherwise: N_(
        "What was recorded here does not fit what the log says before it ({subjects}): a step "
        "that it builds on was refused, or somebody added to it. Decide on that one first, then "
        "have this one recorded again."
    ),
    DoesNotFollow: N_(
        "What was recorded does not belong to what was asked for: the program that recorded it is "
        "faulty, or was altered. Close this without effect, record anew what really happened, and "
        "see who uses that device."
    ),
    resolution.NotParked: N_(
        "Only what cannot be read yet is set aside: this ({command_type}) can. Decide on it: "
        "“manchengo conflicts show ID” shows the ways out."
    ),
    resolution.CannotResolveSo: N_(
        "This way out does not fit ({way}): {command_type}. "
        "“manchengo conflicts show” says which do; closing it without effect always does."
    ),
    # Quantities.
    values.UnitsDiffer: N_(
        "A quantity in {found} cannot be turned into {expected}. Give it in {expected}, "
        "or set the density of the product."
    ),
    values.PartOfAPiece: N_("Pieces and cartons are whole: write a number without decimals."),
    gtin.NotABarcode: N_(
        "“{barcode}” is no barcode (GTIN): it has 8, 12, 13 or 14 digits. "
        "Type those under the bars."
    ),
    gtin.BarcodeMistyped: N_(
        "The barcode {barcode} does not check: after these digits the last would be {expected}. "
        "Type it again from the label."
    ),
    gtin.BarcodeTaken: N_(
        "The product {product} has the barcode {barcode} already. Check both labels; take it from "
        "that product first if it is not its own."
    ),
    values.TooFine: N_(
        "{thousandths} is too fine for {target}: stock is kept to the thousandth. "
        "Round the quantity."
    ),
    access.LastAdministrator: N_(
        "{user} is the last administrator: nobody would be left to give rights. Make somebody else "
        "an administrator first; where everybody must sign, one with a key of their own."
    ),
    values.TooLarge: N_(
        "A figure is far too large: no dairy has that much of anything. "
        "Check the quantities and the amounts."
    ),
    # Labels.
    label.NotALabel: N_(
        "“{scanned}” is no label of this dairy, and no code of a supplier. Scan the label that "
        "Manchengo printed, or give the code of the lot by hand."
    ),
    label.KeyboardInArabic: N_(
        "The keyboard is set to Arabic: “{scanned}” was typed instead of a label. "
        "Set it to French, and scan again."
    ),
    label.LabelNotAuthentic: N_(
        "This label is not from this dairy, or it was misread. Scan it again; if that does not "
        "help, give the code of the lot by hand, and print the label again."
    ),
    label.LabelKeyUnknown: N_(
        "This label was signed with a key that this device does not have. Exchange first; where "
        "that does not help, ask an administrator to give this device the key of the labels."
    ),
    label_keys.LabelKeyOutOfTurn: N_(
        "Another key for labels was made meanwhile: the next one is number {following}, not "
        "{number}. Exchange first, then make the key again if it is still needed."
    ),
    label_keys.NotASealedKey: N_(
        "“{given}” is no sealed key for labels: it is written in digits and letters from a to f. "
        "Give the key again with “manchengo label-keys grant”."
    ),
    label.LabelKeyRevoked: N_(
        "This label was signed with a key that is no longer trusted. Check what it is stuck on, "
        "and print the label again."
    ),
    label.WrongKindOfLabel: N_(
        "This is the label of something else: {given} {code}. Scan a label of this kind: {wanted}."
    ),
    label.WrongLabel: N_(
        "This is another one: {label_kind} {given}, and not {wanted}. Look for the right one, or "
        "end this task and begin that of {given}."
    ),
    label.KeptForOthers: N_(
        "All that is left of the lot {lot} is kept for {orders}. Take another one."
    ),
    label.ScannedAlready: N_(
        "All that is proposed of the lot {lot} is recorded for {task} already. For more of it, say "
        "how much."
    ),
    # Lots.
    lot_rules.ExpiresBeforeReception: N_(
        "The lot {lot} would expire on {expires_on}, before it entered on {entered_on}. "
        "Check both dates."
    ),
    lot_rules.NotEnoughInLot: N_(
        "There is not enough in the lot {lot}: {wanted} asked, {free} free on {on}. "
        "Lower the quantity, take the rest from another lot, or count this one."
    ),
    lot_rules.LotUnfit: N_(
        "The lot {lot} may not be used on {on}: {why} (expiry: {expires_on}). "
        "Take another lot, or have its status reviewed."
    ),
    lot_rules.LotRecalledForGood: N_(
        "The lot {lot} is recalled, and a recall never ends. What is left of it is returned "
        "or written off."
    ),
    lot.NotReservedThatMuch: N_(
        "The order holds {reserved} of the lot {lot}, and {wanted} were to be given back. "
        "Check the quantity."
    ),
    lot.NotDeliveredThatMuch: N_(
        "Of the lot {lot}, that delivery brought {delivered} that have not come back yet, "
        "and {returned} would be returned. Check the lot and the quantity."
    ),
    undoing.NoSuchEntry: N_(
        "Nothing is recorded under {reference}. Check it: a command gives it in its answer."
    ),
    undoing.NotTakenBack: N_("This is not taken back ({command}). {instead}"),
    undoing.NothingHappened: N_(
        "There is nothing to take back ({command}): it changed nothing, or it waits as a conflict. "
        "Look at the conflicts."
    ),
    lot.LotWasUsed: N_(
        "The lot {lot} cannot be void: {use}. Take that back first; where it did happen, count the "
        "lot or correct it."
    ),
    lots.LotWasMade: N_(
        "The lot {lot} was made here: what was poured for it is in it, so it is not void. "
        "If it did not come out, reopen the production order; else count it, or write it off."
    ),
    lot.NotFromASupplier: N_(
        "The lot {lot} was not received from a supplier: it cannot go back to one. If it is lost, "
        "write it off."
    ),
    lot.DatedAfterOpening: N_(
        "The lot {lot} would be of {dated}, after the opening stock of {on}. Check both dates; "
        "what came in since is a reception or a production."
    ),
    lot.NoSupplierToCorrect: N_(
        "The lot {lot} has no such thing to correct: only a lot that a supplier delivered has a "
        "supplier and a delivery note, and one made here has no price. Correct its expiry alone."
    ),
    lot.CountContradictsLater: N_(
        "A count of {counted} in the lot {lot} on {on} leaves {missing} too little for what "
        "left afterwards. Check the count and its date, or correct the later movements first."
    ),
    lot.NotCountedSo: N_(
        "No count of {counted} of the lot {lot} is recorded for {on}. Look at its movements."
    ),
    lot.LeftSinceTheCount: N_(
        "The count of {counted} in the lot {lot} on {on} cannot be taken back: without it, "
        "{missing} too much left since. Count the lot again instead."
    ),
    lot_rules.BeforeItCame: N_(
        "The lot {lot} entered on {entered_on}: nothing can happen to it on {on}. Check the date."
    ),
    lots.NotARawMaterial: N_(
        "{product} is a finished product: it is not received from a supplier, it is produced. "
        "Record a production order instead."
    ),
    # Recipes and production.
    registers.NotAFinishedProduct: N_(
        "{product} is a raw material: only a finished product has recipes and production orders. "
        "Check the code of the product."
    ),
    recipe.NoRecipeInForce: N_(
        "{product} has no recipe in force on {on}. Define one that is valid on that day."
    ),
    recipe.IngredientTwice: N_(
        "The recipe names one ingredient twice. Put both quantities in one line."
    ),
    production_order.NotEnoughMaterials: N_(
        "The production order {order} cannot start on {on}, materials are missing: {missing}. "
        "Receive or release some, or plan less."
    ),
    production_order.NotAnIngredient: N_(
        "The lot {lot} holds {product}, which the order {order} does not ask for. "
        "Scan a lot of one of its ingredients."
    ),
    production_order.LotNotProposed: N_(
        "The lot {lot} is not one of those proposed for the order {order}. Take a lot that is, "
        "or give the reason for taking this one."
    ),
    production_order.AnotherProductMade: N_(
        "The lot {lot} is not of the product that the order {order} is for. "
        "Say that it is a by-product, or open another order for it."
    ),
    production_order.NothingConsumed: N_(
        "No material was poured into the order {order}: nothing can come out of it. "
        "Record what was poured first."
    ),
    production_order.NotPouredThatMuch: N_(
        "Of the lot {lot}, {poured} were poured into the order {order}: no more can be taken "
        "back. Check the lot and the quantity."
    ),
    # Sales and deliveries.
    sales_order.NotEnoughStock: N_(
        "The sales order {order} cannot be served whole on {on}, stock is missing: {missing}. "
        "Lower the quantities, produce, or release lots."
    ),
    sales_order.ProductTwice: N_(
        "The sales order {order} names one product twice at the same price. "
        "Put both quantities in one line, or give each its price."
    ),
    sales_order.NoPrice: N_(
        "The product {product} has no price. Give it one, or give the line its own: 0 for what "
        "is given away."
    ),
    delivery.MoreThanOrdered: N_(
        "The van of {delivery} would carry {loaded} of {product}, and the client still waits "
        "for {due}. Load less, or have the order changed."
    ),
    delivery.ScannedLotNotProposed: N_(
        "The lot {lot} is not one of those proposed for {delivery}. Load a lot that is, "
        "or give the reason for loading this one."
    ),
    delivery.NotFreshEnough: N_(
        "The lot {lot} expires on {expires_on}. Days left on {on}: {days_left}, and the client "
        "{client} asks for {asked_days}. Load another lot, or load this one with the reason why "
        "the client takes it. Where it is loaded already for {delivery}, take it off the van."
    ),
    delivery.NotLoadedThatMuch: N_(
        "Of the lot {lot}, the van of {delivery} holds {loaded}: no more can be taken off. "
        "Check the lot and the quantity."
    ),
    delivery.CameBackSince: N_(
        "Some of {delivery} came back since the client was said to have it: it is not reopened. "
        "Record what else comes back as a return."
    ),
    delivery.NothingLoaded: N_("Nothing is loaded for {delivery}: load it before the van leaves."),
    # Imports.
    import_batch.SomethingDependsOnIt: N_(
        "This import cannot be undone: it brought or changed {kind} {code}, and what is recorded "
        "since on {by_kind} {by_code} depends on it. What is typed is never undone: correct what "
        "the import brought by an operation of its own (write-off, return, change, archiving)."
    ),
    # Invoices and payments.
    billing.LineIncomplete: N_(
        "The line “{designation}” is not complete: check its {field}. Correct or remove it."
    ),
    credit_note.MoreThanBilledAtRate: N_(
        "The credit note would take back {credited} before tax at {rate} of TVA, and the invoice "
        "{invoice} has {left} left at that rate. Check the lines and their rates."
    ),
    invoice.NumberMissing: N_(
        "A number of its series is needed to issue this ({kind}). Give the next number."
    ),
    invoice.AlreadyBilled: N_(
        "The delivery {delivery} is on the invoice {invoice} already. Credit the whole of that one "
        "before it is billed again."
    ),
    bill_series.NumberOfAnotherDevice: N_(
        "The number {number} ({kind}) is of the series of another device, whose letters are "
        "{mark}: it may have given it already. Take the next number of this device."
    ),
    bill_series.NumberSkipsOne: N_(
        "The number {number} ({kind}) leaves a gap: nothing was issued under {missing}. Take the "
        "next number of the series."
    ),
    invoice.MoreThanDue: N_(
        "{amount} is more than the {due} still owed on the invoice {invoice}. Lower the amount."
    ),
    payment.ChequeDetailsMissing: N_(
        "A cheque needs its number, its date and its drawee. Read them off the cheque."
    ),
    payment.MoreThanPaid: N_(
        "{amount} is more than the {left} left of this payment. Lower the amount."
    ),
    payment.AnotherClient: N_(
        "The invoice {invoice} is another client's: this payment cannot settle it. "
        "Choose an invoice of the client who paid."
    ),
}

OF_OTHERS: dict[type[Refused], str] = {
    access.NotPermitted: N_(
        "Whoever recorded it had no right to ({permission}): their roles are {roles}. "
        "Somebody who has it may do it instead, and close this without effect; if it is signed, an "
        "administrator can accept it."
    ),
    access.NoRights: N_(
        "Whoever recorded it may do nothing here ({user}): they are not known, have left or have "
        "no role. If it happened, somebody who may do it can record it again; what {user} signed "
        "before they left, an administrator can accept."
    ),
    person_keys.KeyNotAdmitted: N_(
        "The key with which it is signed does not count for {user} on that device, or no longer. "
        "Ask them whether it is theirs: an administrator can then accept it."
    ),
    person_keys.SignedForAnotherPlant: N_(
        "{user} signed it for another plant, where it may have been recorded too. If it belongs "
        "here, have them record it again."
    ),
    genesis.NotTheGenesis: N_(
        "It says that {founder} founded this plant, which is not so: the fingerprint of the plant "
        "is of what somebody else signed. Tell whoever looks after the server; there is nothing to "
        "record again."
    ),
    genesis.PlantNotFounded: N_(
        "It was recorded before the plant was founded, when nobody could. If it happened, somebody "
        "who may do it can record it again."
    ),
    genesis.PlantAlreadyFounded: N_(
        "It would found this plant a second time, and a plant is founded once. Nothing is missing "
        "without it. If its author did not record it, tell an administrator."
    ),
    person_keys.NotSigned: N_(
        "It bears the name of {user}, who did not sign it. Ask them whether it is theirs, and have "
        "them record it again, signed."
    ),
    invitations.InvitationUnknown: N_(
        "{user} wanted to begin with a key of their own, by an invitation that the log does not "
        "know. Ask them, and give them an invitation if it was they."
    ),
    invitations.InvitationUsed: N_(
        "Somebody wanted to begin as {user} by an invitation that had been used before. Ask "
        "{user} which of the two it was, and withdraw the key of the other."
    ),
    invitations.InvitationExpired: N_(
        "{user} wanted to begin by an invitation whose last day was {expires_on}. Give them "
        "another one if it was they."
    ),
    invitations.InvitationWithdrawn: N_(
        "Somebody wanted to begin as {user} by an invitation that was withdrawn ({reason}). Ask "
        "{user} whether it was they, and give them another one then."
    ),
    invitations.InvitationFallen: N_(
        "{user} wanted to begin by an invitation of {invited_by}, who may not invite any more. "
        "Give them another one if it was they."
    ),
    errors.CommandIdReused: N_(
        "Another device used the command id {command_id} first, for something else ({recorded}). "
        "This one ({given}) had no effect: have it recorded again if it happened too, or give it "
        "up."
    ),
}
"""What is said to another person than the one who was refused."""

DEPENDS_ON_AN_IMPORT = N_(
    "This import cannot be undone yet: it brought or changed {kind} {code}, and what another "
    "import recorded since on {by_kind} {by_code} depends on it. Undo that one first: "
    "manchengo undo-import {by_import} --reason “…”."
)

PRICE_IS_SET = N_("{reference}: the price list has another price from that day on already.")
"""Of an imported price, where the file is no update."""

SPELT_OTHERWISE = N_(
    "“{existing}” exists already (you wrote “{reference}”; {kind}): case and spaces make no "
    "difference. Use the one that exists, or choose another."
)
SPELT_OTHERWISE_BY_OTHERS = N_(
    "“{existing}” exists already ({kind}), and “{reference}” is read as the same: case and spaces "
    "make no difference. Choose another."
)
