"""The web process: everything that a person or a program asks the monitor over HTTP.

A request travels `gate` (prefix, cross-site check, login, permission) -> a router of `v1/` (our API),
`flower/` (Flower's routes), `probes`, `pages` or `metrics` -> `store.StoreAccess` (a reader in a thread of
its own) -> `present` (rows to the shapes of `shapes`) -> `responses`. What is live goes `feed.Feed` (one
poll of the database a second for all) -> `subscriber.Subscriber` (bounded, conflated) -> `sse`.
"""
