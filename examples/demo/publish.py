"""Publish realistic work for one of the demo apps until stopped: `publish.py orders|media [PER_SECOND]`."""

import random
import sys
import time
from collections.abc import Callable
from itertools import count

from kombu.exceptions import OperationalError


def orders() -> Callable[[int], None]:
    """Chains with retries and failures; every so often an ETA task, a chord and a long one."""
    from celery import chain, chord
    from orders import (
        charge_card,
        count_region,
        daily_report,
        rebuild_catalogue,
        remind_basket,
        reserve_stock,
        send_receipt,
    )

    def publish(number: int) -> None:
        items = random.sample(["lamp", "chair", "desk", "shelf", "rug"], 2)
        mail = f"customer{number % 500}@example.com"
        paid = charge_card.s(cents=random.randrange(500, 50_000))
        chain(reserve_stock.s(number, items), paid, send_receipt.s(email=mail)).apply_async()
        if number % 10 == 0:
            remind_basket.apply_async((number,), countdown=random.randrange(10, 60))
        if number % 25 == 0:
            regions = [count_region.s(region) for region in ("north", "south", "east", "west")]
            chord(regions)(daily_report.s())
        if number % 60 == 0:
            rebuild_catalogue.delay(f"shop-{number % 7}")

    return publish


def media() -> Callable[[int], None]:
    """Chains over pictures on the default queue, and videos on the slow one."""
    from celery import chain
    from media import fetch, thumbnail, transcode
    from media import publish as put_online

    def publish(number: int) -> None:
        width = random.choice([320, 640, 1280])
        chain(fetch.s(f"https://cdn.example.com/{number}.jpg"), thumbnail.s(width), put_online.s()).apply_async()
        if number % 20 == 0:
            transcode.delay(f"video-{number}.mp4", random.choice(["720p", "1080p"]))

    return publish


def main() -> None:
    publish = {"orders": orders, "media": media}[sys.argv[1]]()
    per_second = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    for number in count(1):
        try:
            publish(number)
        except OperationalError as error:  # the broker is starting, or was restarted to see what happens
            print(f"the broker is away: {error}", file=sys.stderr)
            time.sleep(2)
        time.sleep(random.expovariate(per_second))


if __name__ == "__main__":
    main()
