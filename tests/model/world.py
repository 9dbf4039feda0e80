# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules once more, in memory: what mailcfg should answer.

Written from the rules, not from the library: plain dictionaries, no SQL, and
circles found by walking every address.  Knows the commands and maps that
tests/model/run asks.
"""

import copy

PAST, FUTURE = "2001-01-01", "2100-01-01"
WHOLE = ("postmaster", "mailer-daemon", "double-bounce")
SIZES = {"1G": 1 << 30, "20M": 20 << 20, "unlimited": 0, "default": None}
OFF = "550 5.2.1 Mailbox disabled"


class Refused(Exception):
    """The stable code of an error."""


class Either(tuple):
    """Codes of which any is right, as more than one rule is broken."""

    __hash__ = tuple.__hash__

    def __eq__(self, other):
        return other in tuple(self)

    def __ne__(self, other):
        return not self == other


class World:
    def __init__(self):
        self.domains = {"*": {"class": "wildcard", "target": None,
                              "enabled": True}}
        self.rows = {}  # (domain, local part) -> address
        self.delimiters = "+"

    # ---- following ------------------------------------------------------

    def split(self, local):
        """A local part and its extension, by the rules of Postfix."""
        if local in WHOLE or "-" in self.delimiters and (
                local.startswith("owner-") or
                local.endswith("-request") and local != "-request"):
            return local, ""
        for at, char in enumerate(local):
            if char in self.delimiters:
                return (local[:at], local[at:]) if at else (local, "")
        return local, ""

    def find(self, domain, local):
        """The row that decides about an address of a hosted domain, and the
        extension that is left over."""
        here = self.domains[domain]
        places = [domain, here["target"], "*"]
        if here["class"] == "relay":
            places = [domain]
        bare, ext = self.split(local)
        for part, rest in ((local, ""), (bare, ext)):
            for place in places:
                if (place, part) in self.rows:
                    return (place, part), rest
        for place in places[:2]:
            if self.rows.get((place, ""), {}).get("targets"):
                return (place, ""), ""
        return None, ""

    def ends_well(self, dest, path, seen=None):
        """Whether mail for dest comes to somebody; a circle is refused."""
        local, domain = dest.rsplit("@", 1)
        if domain not in self.domains:
            return True
        key, ext = self.find(domain, local)
        if key is None:
            return self.domains[domain].get("any", False)
        return self.row_ends_well(key, path, ext, seen)

    def row_ends_well(self, key, path=(), ext="", seen=None):
        """seen: what is known of rows with an extension already."""
        seen = {} if seen is None else seen
        if (key, ext) in path or len(ext) > 200:
            raise Refused("loop")
        if (key, ext) not in seen:
            row = self.rows[key]
            path = path + ((key, ext),)
            seen[key, ext] = row["final"] if not row["targets"] else any(
                [(dest == f"{key[1]}@{key[0]}" and row["final"])
                 or self.ends_well(ext.join(self.halves(dest)), path, seen)
                 for dest in row["targets"]])
        return seen[key, ext]

    @staticmethod
    def halves(address):
        """What stands before and behind an extension."""
        at = address.rindex("@")
        return address[:at], address[at:]

    def extensions(self):
        """All that make a difference: those that are written anywhere, the
        ends of those, and one that is not."""
        names = [local for _, local in self.rows] + [
            dest.rsplit("@", 1)[0] for row in self.rows.values()
            for dest in row["targets"]]
        found = {""}
        for char in self.delimiters:
            found.add(char + "zz")
            for name in names:
                found.update(name[at:] for at in range(1, len(name))
                             if name[at] == char)
        return found

    def no_circles(self):
        """Not for any address that a sender may write."""
        seen = {}
        for ext in self.extensions():
            for key in self.rows:
                if ext and (not key[1] or
                            self.split(key[1] + ext) != (key[1], ext)):
                    continue
                self.row_ends_well(key, (), ext, seen)

    # ---- commands: each answers whether something changed ---------------

    def do(self, words):
        """Carries a command out, or leaves everything and is Refused."""
        before = copy.deepcopy((self.domains, self.rows)) + \
            (self.delimiters,)
        try:
            return getattr(self, words[0])(*words[1:])
        except Refused:
            self.domains, self.rows, self.delimiters = before
            raise

    def hosted(self, domain):
        if domain not in self.domains:
            raise Refused("no_such_domain")
        return self.domains[domain]

    def new_row(self, key):
        return self.rows.setdefault(key, {
            "final": False, "targets": [], "enabled": True, "receive": True,
            "internal": False, "send": True, "imap": True,
            "valid-until": "default", "quota": None})

    def set(self, name, value):
        assert name == "recipient_delimiter"
        if value == self.delimiters:
            return False
        if any(char in key[1] for key, row in self.rows.items()
               if row["final"] and self.domains[key[0]]["class"] == "mailbox"
               for char in value):
            raise Refused("refused")
        self.delimiters = value
        self.no_circles()
        return True

    def plain_name(self, local):
        if any(char in local for char in self.delimiters):
            raise Refused("refused")

    def adddom(self, name, *options):
        if name in self.domains:
            return False
        self.domains[name] = {"class": "mailbox", "target": None,
                              "enabled": True, "quota": None}
        if options:
            self.domains[name].update({"class": "relay",
                                       "any": "--any-recipient" in options})
        self.no_circles()
        return True

    def adddomalias(self, name, target):
        there = self.domains.get(name)
        if there is not None:
            if (there["class"], there["target"]) != ("alias", target):
                raise Refused("exists")
            return False
        if self.hosted(target)["class"] != "mailbox":
            raise Refused("bad_value")
        self.domains[name] = {"class": "alias", "target": target,
                              "enabled": True, "quota": None}
        self.no_circles()
        return True

    def rmdom(self, name, recursive=None):
        if name not in self.domains:
            return False
        standing = [other for other, what in self.domains.items()
                    if what["target"] == name]
        if recursive is None:
            if any(key[0] == name and row["final"]
                   for key, row in self.rows.items()):
                raise Refused("in_use")
            if standing:
                raise Refused("in_use")
        for other in (*standing, name):
            self.drop_domain(other)
        self.no_circles()
        return True

    def drop_domain(self, name):
        for key in [key for key in self.rows if key[0] == name]:
            self.drop_dependents(key, name)
        for key in [key for key in self.rows if key[0] == name]:
            del self.rows[key]
        del self.domains[name]

    def drop_dependents(self, key, spare=None):
        """Targets that name an address go with it, and what is left empty."""
        text = f"{key[1]}@{key[0]}"
        for source in list(self.rows):
            row = self.rows.get(source)
            if row is None or source == key or source[0] == spare or \
                    text not in row["targets"]:
                continue
            row["targets"].remove(text)
            if not row["targets"] and not row["final"]:
                self.drop_dependents(source, spare)
                self.rows.pop(source, None)

    def remove(self, key):
        self.drop_dependents(key)
        del self.rows[key]
        self.no_circles()

    def adduser(self, address):
        local, domain = address.split("@")
        row = self.rows.get((domain, local))
        if row is not None and row["final"]:
            return False
        if self.hosted(domain)["class"] != "mailbox":
            raise Refused("refused")
        self.plain_name(local)
        self.new_row((domain, local))["final"] = True
        return True

    def addrecipient(self, address):
        local, domain = address.split("@")
        if self.hosted(domain)["class"] != "relay":
            raise Refused("refused")
        row = self.rows.get((domain, local))
        if row is not None and not row["final"]:
            raise Refused("exists")
        if row is not None:
            return False
        self.new_row((domain, local))["final"] = True
        return True

    def rmrecipient(self, address):
        local, domain = address.split("@")
        if domain not in self.domains:
            return False
        if self.domains[domain]["class"] != "relay":
            raise Refused("refused")
        if not self.rows.get((domain, local), {}).get("final"):
            return False
        self.remove((domain, local))
        return True

    def user(self, address):
        local, domain = address.split("@")
        row = self.rows.get((domain, local))
        if row is None or not row["final"] or \
                self.domains[domain]["class"] != "mailbox":
            raise Refused("no_such_user")
        return row

    def rmuser(self, address):
        local, domain = address.split("@")
        if not self.rows.get((domain, local), {}).get("final"):
            return False
        self.remove((domain, local))
        return True

    def renuser(self, old, new):
        row = self.user(old)
        if old == new:
            return False
        local, domain = new.split("@")
        if (domain, local) in self.rows:
            raise Refused("exists")
        if domain != old.split("@")[1] and \
                self.hosted(domain)["class"] != "mailbox":
            raise Refused("refused")
        self.plain_name(local)
        del self.rows[tuple(reversed(old.split("@")))]
        self.rows[(domain, local)] = row
        for other in self.rows.values():
            other["targets"] = [new if dest == old else dest
                                for dest in other["targets"]]
        self.no_circles()
        return True

    def switch(self, row, name, value):
        changed = row[name] != value
        row[name] = value
        return changed

    def enable(self, address):
        return self.switch(self.user(address), "enabled", True)

    def disable(self, address):
        return self.switch(self.user(address), "enabled", False)

    def setuser(self, address, option, value):
        return self.switch(self.user(address), option[2:],
                           self.meaning(value))

    @staticmethod
    def meaning(value):
        """Of a switch, or of a time as it is."""
        return value == "yes" if value in ("yes", "no") else value

    def setquota(self, name, size):
        what = self.user(name) if "@" in name else self.hosted(name)
        return self.switch(what, "quota", SIZES[size])

    def setdom(self, name, option, value):
        return self.switch(self.hosted(name), option[2:], value == "yes")

    def setalias(self, address, option, value):
        local, domain = address.split("@")
        row = self.rows.get((domain, local))
        if row is None or not row["targets"]:
            raise Refused("no_such_alias")
        changed = self.switch(row, option[2:], self.meaning(value))
        if row["internal"] and local == "":
            raise Refused("bad_value")
        return changed

    def addalias(self, source, dest):
        local, domain = source.split("@")
        self.hosted(domain)
        row = self.new_row((domain, local))
        if local == "" and dest.split("@")[1] not in self.domains:
            raise Refused("refused")
        if dest in row["targets"]:
            return False
        row["targets"].append(dest)
        own = dest == f"{local}@{domain}" and row["final"]
        try:
            self.no_circles()
        except Refused as refused:
            if not own and self.is_dead(dest, domain, local):
                raise Refused(Either(("loop", "dead_end"))) from refused
            raise
        if not own and self.is_dead(dest, domain, local):
            raise Refused("dead_end")
        return True

    def is_dead(self, dest, domain, local):
        """Whether a new target comes to nobody, and to no circle either."""
        try:
            return not self.ends_well(dest, ((domain, local),))
        except Refused:
            return False

    def rmalias(self, source, dest=None):
        local, domain = source.split("@")
        row = self.rows.get((domain, local))
        gone = [] if row is None else [
            one for one in row["targets"] if dest in (None, one)]
        if not gone:
            return False
        row["targets"] = [one for one in row["targets"] if one not in gone]
        if not row["targets"] and not row["final"]:
            self.remove((domain, local))
        return True

    # ---- listings and maps ----------------------------------------------

    def users(self, domain):
        return sorted(f"{key[1]}@{key[0]}" for key, row in self.rows.items()
                      if key[0] == domain and row["final"])

    def aliases(self, domain):
        return sorted((f"{key[1]}@{key[0]}", dest)
                      for key, row in self.rows.items() if key[0] == domain
                      for dest in row["targets"])

    def valid(self, key):
        """Whether an address works at all, now."""
        row = self.rows[key]
        return row["enabled"] and row["valid-until"] != PAST and \
            self.domains[key[0]]["enabled"]

    def on(self, key, asked=None):
        return self.valid(key) and self.rows[key]["receive"] and \
            (asked is None or self.domains[asked]["enabled"])

    def live(self, key):
        """The targets of a row that are not switched off themselves."""
        return {dest for dest in self.rows[key]["targets"]
                if tuple(reversed(dest.split("@"))) not in self.rows
                or self.on(tuple(reversed(dest.split("@"))))}

    def answer(self, key, asked):
        on = self.on(key, asked)
        if on and self.live(key):
            return self.live(key)
        if on and self.rows[key]["final"]:
            return {f"{key[1]}@{key[0]}"}
        return {f"{key[1]}={asked}@off.invalid"}

    def far(self, domain, local):
        here = self.domains[domain]
        if here["class"] not in ("mailbox", "alias"):
            return None
        for place in (here["target"], "*"):
            if (place, local) in self.rows:
                return (place, local)
        return None

    def lookup(self, name, text):
        """What a map answers for a key: a set."""
        local, _, domain = text.rpartition("@")
        if domain not in self.domains or domain == "*":
            return set()
        here = self.domains[domain]
        relay_off = here["class"] == "relay" and not here["enabled"]
        own = (domain, local) if (domain, local) in self.rows else None
        if name == "virtual_mailbox_domains":
            return {domain} if here["class"] in ("mailbox", "alias") \
                else set()
        if name == "relay_domains":
            return {domain} if here["class"] == "relay" else set()
        if name == "relay_recipient_maps":
            return {text} if own and self.rows[own]["final"] and \
                here["class"] == "relay" else set()
        if name == "relay_recipient_any":
            return {domain} if here.get("any") and here["enabled"] else set()
        if name == "virtual_mailbox_maps":
            return {text} if own and self.rows[own]["final"] and \
                here["class"] == "mailbox" and self.on(own) else set()
        if name in ("passdb", "userdb"):
            if not own or not self.rows[own]["final"] or \
                    here["class"] != "mailbox" or not self.valid(own):
                return set()
            if name == "passdb":
                return {text}
            sizes = (self.rows[own]["quota"], here["quota"], 0)
            size = next(size for size in sizes if size is not None)
            return {f"*:bytes={size}:messages=0"}
        if name == "virtual_alias_maps":
            return self.answer(own, domain) if own else set()
        if name == "virtual_alias_far":
            key = self.far(domain, local)
            return self.answer(key, domain) if key else set()
        if name == "virtual_alias_catchall":
            if relay_off:
                return {f"{domain}@off.invalid"}
            for place in (domain, here["target"]):
                key = (place, "")
                if self.rows.get(key, {}).get("targets"):
                    return self.live(key) if self.on(key, domain) else set()
            return set()
        assert name == "recipient_access"
        if relay_off:
            return {OFF}
        key = own or self.far(domain, local)
        if key is None:
            return set()
        if not self.on(key, domain) or not (self.rows[key]["final"] or
                                            self.live(key)):
            return {OFF}
        return {"maildb_internal" if self.rows[key]["internal"] else "DUNNO"}

    # ---- what Postfix makes of them -------------------------------------

    def search(self, names, any_name, address):
        """The first answer of some maps, asked as Postfix does, and what is
        left of the extension."""
        local, domain = address.rsplit("@", 1)
        bare, ext = self.split(local)
        for part, rest in ((local, ""), (bare, ext)):
            for name in names:
                found = self.lookup(name, f"{part}@{domain}")
                if found:
                    return found, rest
        return self.lookup(any_name, f"@{domain}") if any_name else set(), ""

    def aliases_of(self, address):
        found, rest = self.search(("virtual_alias_maps", "virtual_alias_far"),
                                  "virtual_alias_catchall", address)
        return {rest.join(self.halves(one)) for one in found}

    def trace(self, address):
        """Where mail of a stranger goes: a set of "ADDRESS RESULT"."""
        domain = address.rsplit("@", 1)[1]
        if domain not in self.domains or domain == "*":
            return {f"{address} refused"}
        relay = self.domains[domain]["class"] == "relay"
        if self.search(("recipient_access",), None, address)[0] - {"DUNNO"}:
            return {f"{address} refused"}
        known = self.aliases_of(address) or self.search(
            *(("relay_recipient_maps",), "relay_recipient_any") if relay else
            (("virtual_mailbox_maps",), None), address)[0]
        return self.expand(address, {}) if known else {f"{address} refused"}

    def expand(self, address, seen):
        if address in seen:
            return set()
        seen[address] = True
        found = self.aliases_of(address)
        result = set()
        if found and len(found) == 1 and \
                next(iter(found)).endswith("@off.invalid"):
            return {f"{address} off"}
        for one in found or {address}:
            result |= {f"{address} {self.fate(address)}"} \
                if one == address else self.expand(one, seen)
        return result

    def fate(self, address):
        local, domain = address.rsplit("@", 1)
        if domain not in self.domains:
            return "external"
        if self.domains[domain]["class"] == "relay":
            return "relay"
        for at, char in enumerate(local):
            if char in self.delimiters: # Dovecot's LMTP
                local = local[:at]
                break
        key = (domain, local)
        return "mailbox" if key in self.rows and self.rows[key]["final"] and \
            self.on(key) else "unknown"
