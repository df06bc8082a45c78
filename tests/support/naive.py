"""The dairy in plain dicts, told by somebody who never heard of events.

Every step looks at everything, changes it in place, and says ``No`` where the dairy would; whoever
asks hands in a copy to try on. Amounts are whole thousandths, days whole numbers. It is slow, and
it shares nothing with the core but the words.
"""

from typing import Any

from tests.support.dairy import lot_id

MILK_PER_KILO, RENNET_PER_KILO = 10, 3
FOR_EVER = 10**6


class No(Exception):
    """The dairy would refuse."""


class NaiveDairy:
    """``lots``, ``makes``, ``sales`` and ``vans`` by their codes; all of it dicts and lists."""

    def __init__(self) -> None:
        self.lots: dict[str, dict[str, Any]] = {}
        self.makes: dict[str, dict[str, Any]] = {}
        self.sales: dict[str, dict[str, Any]] = {}
        self.vans: dict[str, dict[str, Any]] = {}

    # ------------------------------------------------------------------------------------ one lot

    def enter(self, code: str, product: str, amount: int, on: int, expires: int | None) -> None:
        needed(code not in self.lots and amount > 0)
        needed(expires is None or expires >= on)
        self.lots[code] = {
            "product": product,
            "entered": on,
            "here": on,
            "expires": expires,
            "standing": "released",
            "lines": [{"on": on, "change": amount, "cause": ""}],
            "kept": {},
            "holds": [],
            "void": False,
            "made_by": "",
        }

    def was_there(self, code: str, amount: int, on: int, dated: int, expires: int | None) -> None:
        """In the opening stock of a day; it was made earlier."""
        needed(dated <= on)
        lasts = dated + 60 if expires is None else expires
        self.enter(code, "cheese", amount, dated, lasts)
        self.lots[code]["here"] = on
        self.lots[code]["lines"][0]["on"] = on

    def correct(self, code: str, expires: int | None, on: int) -> None:
        lot = self.lots.get(code)
        needed(lot is not None and not lot["void"] and on >= lot["here"])
        needed(expires is None or expires >= self.lots[code]["entered"])
        self.lots[code]["expires"] = expires

    def balances(self, code: str) -> list[tuple[int, int]]:
        """The day and the balance after each line, day by day, in the order of the writing."""
        balance = 0
        found: list[tuple[int, int]] = []
        for line in sorted(self.lots[code]["lines"], key=lambda line: line["on"]):
            balance = line["seen"] if "seen" in line else balance + line["change"]
            found.append((line["on"], balance))
        return found

    def stands(self, code: str) -> bool:
        """No balance is below zero, but where the next line takes back what left: as nobody poured
        that, nobody saw what it left behind.
        """
        lines = sorted(self.lots[code]["lines"], key=lambda line: line["on"])
        is_seen = [not line.get("takes_back") for line in lines[1:]] + [True]
        balances = zip(self.balances(code), is_seen, strict=True)
        return all(balance >= 0 for (_, balance), seen in balances if seen)

    def on_hand(self, code: str, by: int = FOR_EVER) -> int:
        until = [balance for on, balance in self.balances(code) if on <= by]
        return int(until[-1]) if until else 0

    def could_leave(self, code: str, on: int) -> int:
        """The most that leaves no balance below zero, found by halving."""
        lines, least, most = self.lots[code]["lines"], 0, 10_000
        while least < most:
            half = (least + most + 1) // 2
            lines.append({"on": on, "change": -half})
            least, most = (half, most) if self.stands(code) else (least, half - 1)
            lines.pop()
        return least

    def free(self, code: str, on: int, owner: str = "") -> int:
        kept: dict[str, int] = self.lots[code]["kept"]
        others = sum(amount for who, amount in kept.items() if who != owner)
        return max(0, self.could_leave(code, on) - others)

    def fit(self, code: str, on: int) -> bool:
        lot = self.lots[code]
        fresh = lot["expires"] is None or lot["expires"] >= on
        return lot["here"] <= on and lot["standing"] == "released" and fresh

    def void(self, code: str, on: int) -> None:
        """It never came, and it was not made here either."""
        needed(not self.lots[code]["made_by"])
        self.void_untouched(code, on)

    def void_untouched(self, code: str, on: int) -> None:
        """Nothing of it was used, but what was taken back of the vats."""
        lot = self.lots[code]
        first, *others = lot["lines"]
        needed(not lot["void"] and lot["standing"] != "recalled")
        needed(on >= lot["here"] and not lot["kept"])
        needed(all(line.get("cause") in self.makes for line in others))
        needed(sum(line["change"] for line in others) == 0)
        aboard = [van["aboard"] for van in self.vans.values() if van["state"] == "prepared"]
        needed(all(code not in lots for lots in aboard))
        lot["lines"].append({"on": lot["here"], "change": -first["change"], "cause": "void"})
        lot["void"] = True

    def leave(self, code: str, amount: int, on: int, cause: str = "") -> None:
        needed(self.lots[code]["here"] <= on and 0 < amount <= self.could_leave(code, on))
        self.lots[code]["lines"].append({"on": on, "change": -amount, "cause": cause})

    def use(self, code: str, amount: int, on: int, owner: str, cause: str) -> None:
        """Take out for an order, from what it keeps first."""
        needed(self.fit(code, on) and amount <= self.free(code, on, owner))
        self.leave(code, amount, on, cause)
        self.keep(code, owner, -min(amount, self.lots[code]["kept"].get(owner, 0)), on)

    def keep(self, code: str, owner: str, amount: int, on: int) -> None:
        kept = self.lots[code]["kept"]
        kept[owner] = kept.get(owner, 0) + amount
        self.lots[code]["holds"].append({"owner": owner, "on": on, "change": amount})
        if not kept[owner]:
            del kept[owner]

    def promised(self, code: str, by: int) -> int:
        """What each order had reserved by that evening and not yet used or given back."""
        holds = [hold for hold in self.lots[code]["holds"] if hold["on"] <= by]
        return sum(
            max(0, sum(hold["change"] for hold in holds if hold["owner"] == owner))
            for owner in {hold["owner"] for hold in holds}
        )

    def evening(self, product: str, on: int) -> tuple[int, int, int, int]:
        """On hand, reserved, usable, and how many lots held something, when that day ended."""
        held = [code for code in self.lots if self.lots[code]["product"] == product]
        held = [code for code in held if self.on_hand(code, on) > 0]
        usable = sum(
            max(0, self.on_hand(code, on) - self.promised(code, on))
            for code in held
            if self.fit(code, on)
        )
        on_hand = sum(self.on_hand(code, on) for code in held)
        return on_hand, sum(self.promised(code, on) for code in held), usable, len(held)

    def now(self, product: str, today: int) -> tuple[int, int, int, int]:
        """As that evening, but for what is promised for any day, or leaves on a later one."""
        on_hand, _, _, lots = self.evening(product, today)
        held = [code for code in self.lots if self.lots[code]["product"] == product]
        held = [code for code in held if self.on_hand(code, today) > 0]
        usable = sum(
            min(self.free(code, today), self.free(code, FOR_EVER))
            for code in held
            if self.fit(code, today)
        )
        return on_hand, sum(sum(self.lots[code]["kept"].values()) for code in held), usable, lots

    def count(self, code: str, seen: int, on: int) -> None:
        needed(not self.lots[code]["void"])
        needed(self.lots[code]["here"] <= on)
        self.lots[code]["lines"].append({"on": on, "seen": seen})
        needed(self.stands(code))

    def judge(self, code: str, word: str) -> None:
        lot = self.lots[code]
        if word == "recalled":
            for descendant in self.made_from(code):
                self.lots[descendant]["standing"] = "recalled"
            return
        needed(lot["standing"] != "recalled" and not lot["void"])
        if word != "quarantined" or lot["standing"] == "released":
            lot["standing"] = word

    def made_from(self, code: str) -> list[str]:
        """The lot, and all that has it somewhere among its parents."""
        found = [code]
        for known in found:
            found += [
                lot
                for lot, facts in self.lots.items()
                if known in self.poured_for(facts["made_by"]) and lot not in found
            ]
        return found

    def poured_for(self, make: str) -> list[str]:
        return self.makes[make]["poured"] if make else []

    # ------------------------------------------------------------------------------ choosing lots

    def choose(self, product: str, wanted: int, on: int) -> dict[str, int]:
        """So much of each lot, the oldest first; ``No`` where there is not enough."""
        taken: dict[str, int] = {}
        for code in sorted(self.lots, key=self.age):
            lot = self.lots[code]
            if wanted and lot["product"] == product and self.fit(code, on):
                amount = min(wanted, self.free(code, on), self.free(code, FOR_EVER))
                if amount:
                    taken[code] = amount
                    wanted -= amount
        needed(wanted == 0)
        return taken

    def age(self, code: str) -> tuple[int, int, Any]:
        lot = self.lots[code]
        expires = FOR_EVER if lot["expires"] is None else lot["expires"]
        return lot["entered"], expires, lot_id(code)

    def held(self, owner: str) -> dict[str, int]:
        return {code: lot["kept"][owner] for code, lot in self.lots.items() if owner in lot["kept"]}

    def let_go(self, owner: str, on: int) -> dict[str, int]:
        held = self.held(owner)
        for code, amount in held.items():
            self.keep(code, owner, -amount, on)
        return held

    def keep_again(self, owner: str, freed: dict[str, int], on: int) -> int:
        """Of what was let go, as much as nobody has taken; what somebody has."""
        missing = 0
        for code, amount in freed.items():
            again = min(amount, self.free(code, FOR_EVER))
            missing += amount - again
            if again:
                self.keep(code, owner, again, on)
        return missing

    def ends(self, thing: dict[str, Any], state: str, on: int, freed: dict[str, int]) -> None:
        thing.update(before=thing["state"], state=state, ended=on, freed=freed)

    # ---------------------------------------------------------------------------------- making it

    def plan(self, code: str, amount: int) -> None:
        needed(code not in self.makes and amount > 0)
        self.makes[code] = {"state": "planned", "amount": amount, "picks": {}, "poured": []}
        self.makes[code].update(scans=[], outputs=[])

    def start(self, code: str, on: int) -> None:
        make = self.makes[code]
        needed(make["state"] == "planned")
        picks = self.choose("milk", make["amount"] * MILK_PER_KILO, on)
        picks |= self.choose("rennet", make["amount"] * RENNET_PER_KILO, on)
        for lot, amount in picks.items():
            self.keep(lot, code, amount, on)
        make.update(state="started", picks=picks, begun=on)

    def pour(self, code: str, lot: str, amount: int, on: int, *, reason: bool) -> None:
        make = self.makes[code]
        needed(make["state"] == "started" and self.lots[lot]["product"] != "cheese")
        needed(lot in make["picks"] or reason)
        needed(on >= make["begun"])
        self.use(lot, amount, on, owner=code, cause=code)
        make["poured"].append(lot)
        make["scans"].append({"lot": lot, "amount": amount, "on": on})

    def take_back(self, code: str, lot: str, on: int) -> None:
        """All of the lot: each scan goes back right behind where it left, the last one first."""
        make = self.makes[code]
        scans = [scan for scan in make["scans"] if scan["lot"] == lot]
        needed(make["state"] == "started" and bool(scans))
        needed(on >= max(scan["on"] for scan in scans))
        poured = sum(scan["amount"] for scan in scans)
        for scan in reversed(scans):
            lines = self.lots[lot]["lines"]
            left = [n for n, line in enumerate(lines) if self._is_pouring(line, code, scan["on"])]
            back = {"on": scan["on"], "change": scan["amount"], "cause": code, "takes_back": True}
            lines.insert(left[-1] + 1, back)
            reserved = make["picks"].get(lot, 0)
            again = min(reserved, poured) - min(reserved, poured - scan["amount"])
            poured -= scan["amount"]
            if again:
                self.keep(lot, code, again, scan["on"])
        make["scans"] = [scan for scan in make["scans"] if scan["lot"] != lot]
        make["poured"] = [scan["lot"] for scan in make["scans"]]

    @staticmethod
    def _is_pouring(line: dict[str, Any], make: str, on: int) -> bool:
        return line["on"] == on and line.get("cause") == make and line["change"] < 0

    def last_step(self, code: str) -> int:
        make = self.makes[code]
        return max(int(make["begun"]), *(int(scan["on"]) for scan in make["scans"]), -FOR_EVER)

    def complete(self, code: str, outputs: dict[str, int], on: int, expires: int | None) -> None:
        make = self.makes[code]
        needed(make["state"] == "started" and bool(make["poured"]) and bool(outputs))
        needed(on >= self.last_step(code))
        for lot, amount in outputs.items():
            self.enter(lot, "cheese", amount, on, on + 60 if expires is None else expires)
            self.lots[lot]["made_by"] = code
            if any(self.lots[one]["standing"] == "recalled" for one in make["poured"]):
                self.lots[lot]["standing"] = "recalled"
        self.ends(make, "completed", on, self.let_go(code, on))
        make["outputs"] = list(outputs)

    def abandon(self, code: str, on: int) -> None:
        make = self.makes[code]
        needed(
            make["state"] == "planned"
            or (make["state"] == "started" and on >= self.last_step(code))
        )
        self.ends(make, "cancelled", on, self.let_go(code, on))

    def reopen_make(self, code: str, on: int) -> None:
        make = self.makes[code]
        needed(make["state"] in ("completed", "cancelled") and on >= make["ended"])
        for lot in make["outputs"]:
            self.void_untouched(lot, on)
        self.keep_again(code, make["freed"], on)
        make.update(state=make["before"], outputs=[])

    def make(self, code: str, amount: int, on: int) -> None:
        self.plan(code, amount)
        self.start(code, on)
        for lot, taken in self.makes[code]["picks"].items():
            self.pour(code, lot, taken, on, reason=False)
        self.complete(code, {code: amount}, on, None)

    # --------------------------------------------------------------------------------- selling it

    def place(self, code: str, amount: int, on: int) -> None:
        needed(code not in self.sales and amount > 0)
        self.sales[code] = {"state": "placed", "asked": amount, "gone": 0, "picks": []}
        self.sales[code].update(since=on, shipped=[])

    def confirm(self, code: str, on: int) -> None:
        sale = self.sales[code]
        needed(sale["state"] == "placed" and on >= sale["since"])
        picks = self.choose("cheese", sale["asked"], on)
        for lot, amount in picks.items():
            self.keep(lot, code, amount, on)
        sale.update(state="confirmed", picks=list(picks), since=on)

    def sell(self, code: str, amount: int, on: int) -> None:
        self.place(code, amount, on)
        self.confirm(code, on)

    def call_off(self, code: str, on: int) -> None:
        needed(self.sales[code]["state"] in ("placed", "confirmed"))
        needed(on >= self.sales[code]["since"])
        self.ends(self.sales[code], "cancelled", on, self.let_go(code, on))

    def close(self, code: str, on: int) -> None:
        needed(self.sales[code]["state"] in ("partly_delivered", "delivered"))
        needed(on >= max(self.sales[code]["shipped"]))
        self.ends(self.sales[code], "closed", on, self.let_go(code, on))

    def reopen_sale(self, code: str, on: int) -> None:
        sale = self.sales[code]
        needed(sale["state"] in ("closed", "cancelled") and on >= sale["ended"])
        missing = self.keep_again(code, sale["freed"], on)
        for lot, amount in self.choose("cheese", missing, on).items():
            self.keep(lot, code, amount, on)
        sale["state"] = sale["before"]

    def prepare(self, code: str, sale: str, on: int) -> None:
        needed(code not in self.vans and self.ships(sale) and on >= self.sales[sale]["since"])
        held = self.held(sale)
        needed(bool(held))
        picked = [lot for lot in self.sales[sale]["picks"] if lot in held]
        others = sorted((lot for lot in held if lot not in picked), key=lot_id)
        self.vans[code] = {
            "state": "prepared",
            "sale": sale,
            "proposed": [*picked, *others],
            "aboard": {},
            "scans": [],
        }

    def ships(self, sale: str) -> bool:
        return self.sales[sale]["state"] in ("confirmed", "partly_delivered")

    def due(self, sale: str) -> int:
        return max(0, int(self.sales[sale]["asked"] - self.sales[sale]["gone"]))

    def load(self, code: str, lot: str, amount: int, on: int, *, reason: bool) -> None:
        van = self.vans[code]
        sale, aboard = van["sale"], van["aboard"]
        needed(van["state"] == "prepared" and self.ships(sale) and amount > 0)
        needed(on >= self.sales[sale]["since"])
        needed(self.lots[lot]["product"] == "cheese")
        needed(sum(aboard.values()) + amount <= self.due(sale))
        needed(lot in van["proposed"] or reason)
        needed(self.fit(lot, on))
        aboard[lot] = aboard.get(lot, 0) + amount
        extra = max(0, aboard[lot] - self.lots[lot]["kept"].get(sale, 0))
        room: list[tuple[str, int]] = []
        if extra:
            needed(extra <= self.free(lot, on))
            self.keep(lot, sale, extra, on)
            room = self.make_room(code, lot, extra, on)
        van["scans"].append({"lot": lot, "on": on, "left": amount, "extra": extra, "room": room})

    def make_room(self, code: str, lot: str, extra: int, on: int) -> list[tuple[str, int]]:
        """As much is let go of the other lots proposed, the last one first, but what is aboard."""
        van = self.vans[code]
        room: list[tuple[str, int]] = []
        for other in reversed(van["proposed"]):
            if other != lot and extra:
                kept = self.lots[other]["kept"].get(van["sale"], 0)
                freed = min(extra, max(0, kept - van["aboard"].get(other, 0)))
                if freed:
                    self.keep(other, van["sale"], -freed, on)
                    room.append((other, freed))
                    extra -= freed
        return room

    def unload(self, code: str, lot: str, on: int) -> None:
        """All of the lot; for each scan, the last first, what was let go is kept again."""
        van = self.vans[code]
        scans = [scan for scan in van["scans"] if scan["lot"] == lot]
        needed(van["state"] == "prepared" and bool(scans))
        needed(on >= max(scan["on"] for scan in scans))
        for scan in reversed(scans):
            for other, amount in reversed(scan["room"]):
                again = min(amount, self.free(other, FOR_EVER))
                again = min(again, self.lots[lot]["kept"].get(van["sale"], 0))
                if again:
                    self.keep(other, van["sale"], again, on)
                    self.keep(lot, van["sale"], -again, on)
            alone = scan["extra"] - sum(amount for _, amount in scan["room"])
            alone = min(alone, self.lots[lot]["kept"].get(van["sale"], 0))
            if alone:
                self.keep(lot, van["sale"], -alone, on)
        van["scans"] = [scan for scan in van["scans"] if scan["lot"] != lot]
        del van["aboard"][lot]

    def go(self, code: str, on: int) -> None:
        van = self.vans[code]
        sale = self.sales[van["sale"]]
        load = sum(van["aboard"].values())
        needed(van["state"] == "prepared" and 0 < load <= self.due(van["sale"]))
        needed(self.ships(van["sale"]) and on >= max(scan["on"] for scan in van["scans"]))
        for lot, amount in van["aboard"].items():
            self.use(lot, amount, on, owner=van["sale"], cause=code)
        sale["gone"] += load
        sale["state"] = "delivered" if self.due(van["sale"]) == 0 else "partly_delivered"
        sale["shipped"].append(on)
        van.update(state="dispatched", left=on)

    def deliver(self, code: str, sale: str, on: int) -> None:
        self.prepare(code, sale, on)
        held = self.held(sale)
        for lot in self.vans[code]["proposed"]:
            self.load(code, lot, held[lot], on, reason=False)
        self.go(code, on)

    def stay(self, code: str, on: int) -> None:
        needed(
            self.vans[code]["state"] == "prepared"
            and on >= max((scan["on"] for scan in self.vans[code]["scans"]), default=0)
        )
        self.ends(self.vans[code], "cancelled", on, {})

    def hand_over(self, code: str, on: int) -> None:
        needed(self.vans[code]["state"] == "dispatched" and on >= self.vans[code]["left"])
        self.ends(self.vans[code], "received", on, {})
        self.vans[code]["back_since"] = False

    def reopen_van(self, code: str, on: int) -> None:
        van = self.vans[code]
        needed(van["state"] in ("received", "cancelled") and on >= van["ended"])
        needed(van["state"] == "cancelled" or not van["back_since"])
        van["state"] = van["before"]

    def come_back(self, code: str, lot: str, amount: int, on: int, *, destroy: bool) -> None:
        needed(self.vans[code]["state"] in ("dispatched", "received") and amount > 0)
        needed(on >= self.vans[code]["left"])
        needed(self.lots[lot]["here"] <= on)
        moved = [line for line in self.lots[lot]["lines"] if line.get("cause") == code]
        gone = -sum(line["change"] for line in moved if line["change"] < 0 and line["on"] <= on)
        back = sum(line["change"] for line in moved if line["change"] > 0)
        needed(amount <= gone - back)
        self.lots[lot]["lines"].append({"on": on, "change": amount, "cause": code})
        self.vans[code]["back_since"] = True
        if destroy:
            self.leave(lot, amount, on)


def needed(condition: bool) -> None:
    if not condition:
        raise No
