"""Compares the catalogue's prices, and bills of made-up usages, with two published lists.

Both lists come with packages: genai-prices, which also computes, and litellm, of which only the file
is read. Run by hand after prices have changed, from the root of the project:

    cargo build --package playground --example price
    uv run --no-project --with genai-prices==0.2.3 tests/interop/prices/main.py LITELLM_JSON

LITELLM_JSON is model_prices_and_context_window_backup.json of litellm 1.109.1. Where a price is
another one on purpose, the row's note in data/prices.toml says why, and names the list.
"""

import json
import random
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import genai_prices
from genai_prices import Usage, calc_price

ROOT = Path(__file__).parents[3]
DATA = ROOT / "src-tauri/crates/playground/data"
PRICE = ROOT / "target/debug/examples/price"
# The day of the younger list.
DAY = "2026-11-12"
USAGES = 6
FIELDS = ["input", "cache_read", "cache_write", "cache_write_long", "output"]
GENAI = {"openai": "openai", "anthropic": "anthropic", "gemini": "google"}


def catalogue():
    """Every model that answered on the day, with its provider and price."""
    models = tomllib.loads((DATA / "models.toml").read_text())
    families = {family["id"]: family["models"] for family in models["family"]}
    for row in models["model"]:
        model = families[row["family"]] | row
        gone = model.get("gone") or model.get("shutdown", "9999") <= DAY
        if model["provider"] in GENAI and not gone:
            yield model


def ours(model, usage, batch=False):
    """The bill, and the price that it is at."""
    command = [PRICE, "--model", model, "--usage", json.dumps(usage), "--at", DAY]
    run = subprocess.run(command + ["--batch"] * batch, capture_output=True, check=True)
    return json.loads(run.stdout)


def of_litellm(entries, model):
    """litellm's entry for the provider's own service."""
    provider = model["provider"]
    for name in [model["id"], *model.get("aliases", [])]:
        for key in [f"{provider}/{name}", name]:
            if entries.get(key, {}).get("litellm_provider") == provider:
                return entries[key]
    return None


def exact(number):
    """A price for a token as one for a million, without what doubles leave behind."""
    return None if number is None else Decimal(repr(number)).scaleb(6).quantize(Decimal("1e-9"))


def litellm_rates(entry, prompt, batch=False):
    """What litellm charges for a prompt of that length, by field."""
    step = ""
    for name in entry:
        found = re.fullmatch(r"input_cost_per_token(_above_(\d+)k_tokens)", name)
        if found and prompt > int(found[2]) * 1000:
            step = found[1]
    ends = [f"{step}_batches", step] if batch else [step]
    long = ["cache_creation_input_token_cost_above_1hr", "cache_creation_input_token_cost_above_12hr"]
    names = {
        "input": ["input_cost_per_token"],
        "cache_read": ["cache_read_input_token_cost"],
        "cache_write": ["cache_creation_input_token_cost"],
        "cache_write_long": long,
        "output": ["output_cost_per_token"],
    }
    rates = {}
    for field, begins in names.items():
        told = [entry.get(begin + ends[0]) for begin in begins]
        rates[field] = exact(next((it for it in told if it is not None), None))
    return rates


def parts(usage):
    """The tokens of each price."""
    read, written, long = (usage.get(name, 0) for name in ["cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens"])
    return {
        "input": usage["input_tokens"] - read - written,
        "cache_read": read,
        "cache_write": written - long,
        "cache_write_long": long,
        "output": usage["output_tokens"],
    }


def total(rates, usage):
    """The bill at these rates; none if one of them is not known."""
    counts = parts(usage)
    if any(count and rates[field] is None for field, count in counts.items()):
        return None
    return sum((rates[field] * count for field, count in counts.items() if count), Decimal(0)).scaleb(-6)


def genai_total(model, usage, batch=False):
    """What genai-prices computes."""
    counts = Usage(
        input_tokens=usage["input_tokens"],
        cache_read_tokens=usage.get("cache_read_tokens", 0),
        cache_write_tokens=usage.get("cache_write_tokens", 0),
        output_tokens=usage["output_tokens"],
        **({"cache_write_1h_tokens": long} if (long := usage.get("cache_write_long_tokens")) else {}),
    )
    context = {"price_context": {"processing": "batch"}} if batch else {}
    at = datetime.fromisoformat(DAY).replace(tzinfo=UTC)
    found = calc_price(counts, model["id"], provider_id=GENAI[model["provider"]], genai_request_timestamp=at, **context)
    return found.total_price


def made_up(random, price):
    """A usage that the price can bill."""
    limit = (price.get("above") or {}).get("prompt_tokens", 100_000)
    prompt = random.choice([random.randrange(1, limit), limit, limit + random.randrange(1, 50_000)])
    usage = {"input_tokens": prompt, "output_tokens": random.randrange(20_000)}
    left = prompt
    for name, field in [("cache_read_tokens", "cache_read"), ("cache_write_tokens", "cache_write")]:
        if price[field] is not None and random.random() < 0.7:
            usage[name] = random.randrange(left + 1)
            left -= usage[name]
    if price["cache_write_long"] is not None and price["above"] is None and "cache_write_tokens" in usage:
        usage["cache_write_long_tokens"] = random.randrange(usage["cache_write_tokens"] + 1)
    return usage


class Report:
    """What agrees, what differs and is explained, and what differs."""

    def __init__(self):
        self.same = self.explained = 0
        self.wrong = []

    def compare(self, name, model, price, what, own, other):
        if own == other:
            self.same += 1
        elif name in (price["note"] or ""):
            self.explained += 1
        else:
            self.wrong.append(f"{model['id']}: {what} is {own} here, {other} in {name}")


def against_litellm(report, entry, model, price, usages):
    for prompt in [0, 10**9]:
        told = litellm_rates(entry, prompt)
        rates = price if prompt == 0 or not price["above"] else price["above"]
        for field in FIELDS:
            # What a list does not tell it does not contradict.
            if told[field] is not None:
                own = None if rates[field] is None else Decimal(rates[field])
                report.compare("litellm", model, price, f"{field} at {prompt}", own, told[field])
    for usage in usages:
        for batch in [False, True]:
            other = total(litellm_rates(entry, usage["input_tokens"], batch), usage)
            if other is not None:
                own = Decimal(ours(model["id"], usage, batch)["total"])
                report.compare("litellm", model, price, f"bill of {usage} (batch: {batch})", own, other)


def against_genai(report, model, price, usages):
    plain = {"input_tokens": 1000, "output_tokens": 100}
    has_batch = genai_total(model, plain) != genai_total(model, plain, batch=True)
    for usage in usages + [plain]:
        for batch in [False, True] if has_batch else [False]:
            own = Decimal(ours(model["id"], usage, batch)["total"])
            other = genai_total(model, usage, batch)
            report.compare("genai-prices", model, price, f"bill of {usage} (batch: {batch})", own, other)


def main():
    entries = json.loads(Path(sys.argv[1]).read_text())
    source, report = random.Random(20261112), Report()
    shared, missing = 0, []
    for model in catalogue():
        price = ours(model["id"], {})["price"]
        if price is None:
            missing.append(f"{model['id']} has no price")
            continue
        usages = [made_up(source, price) for _ in range(USAGES)]
        entry = of_litellm(entries, model)
        if entry and "input_cost_per_token" in entry:
            against_litellm(report, entry, model, price, usages)
        else:
            missing.append(f"{model['id']} is not in litellm")
        try:
            genai_total(model, usages[0])
        except LookupError:
            missing.append(f"{model['id']} is not in genai-prices")
        else:
            against_genai(report, model, price, usages)
            shared += bool(entry)
    print("\n".join(missing + report.wrong))
    print(f"{shared} models in all three lists; genai-prices {genai_prices.__version__}")
    result = "FAILED" if report.wrong else "ok"
    print(f"test result: {result}. {report.same} agree; {report.explained} explained; {len(report.wrong)} differ")
    sys.exit(1 if report.wrong else 0)


main()
