"""TLS to a broker, from the options that kombu knows in a URL's query or as `broker_use_ssl`."""

import ssl
from typing import Any

from flower_monitor.exceptions import UsageError
from flower_monitor.receive.url import Broker

_VERIFY = {
    "required": ssl.CERT_REQUIRED,
    "cert_required": ssl.CERT_REQUIRED,
    "optional": ssl.CERT_OPTIONAL,
    "cert_optional": ssl.CERT_OPTIONAL,
    "none": ssl.CERT_NONE,
    "cert_none": ssl.CERT_NONE,
    # As numbers, which is what a Python program's ssl.CERT_REQUIRED becomes in JSON.
    "2": ssl.CERT_REQUIRED,
    "1": ssl.CERT_OPTIONAL,
    "0": ssl.CERT_NONE,
}


def context(broker: Broker) -> ssl.SSLContext:
    """A context that verifies the broker unless the URL says `ssl_cert_reqs=none`."""
    query = broker.query
    try:
        made = ssl.create_default_context(cafile=query.get("ssl_ca_certs"))
        made.check_hostname = check_hostname(broker)
        made.verify_mode = verify_mode(broker)
        if "ssl_certfile" in query:
            made.load_cert_chain(query["ssl_certfile"], query.get("ssl_keyfile"), query.get("ssl_password", ""))
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"--broker: ssl_ca_certs, ssl_certfile or ssl_keyfile can't be read: {error}") from error
    return made


def for_amqp(broker: Broker) -> dict[str, Any]:
    """The same as py-amqp takes it."""
    context(broker)  # raises when a file can't be read
    options = {"ca_certs": "ssl_ca_certs", "certfile": "ssl_certfile", "keyfile": "ssl_keyfile"}
    return {
        "cert_reqs": verify_mode(broker),
        # py-amqp checks the name exactly when it is given one.
        "server_hostname": broker.host if check_hostname(broker) else None,
        **{key: broker.query[option] for key, option in options.items() if option in broker.query},
    }


def verify_mode(broker: Broker) -> ssl.VerifyMode:
    """What `ssl_cert_reqs` says."""
    text = broker.query.get("ssl_cert_reqs", "required").lower().rpartition(".")[2]
    if text not in _VERIFY:
        raise UsageError(f"--broker: ssl_cert_reqs={text} is unknown; use required, optional or none")
    return _VERIFY[text]


def check_hostname(broker: Broker) -> bool:
    """Whether the certificate must be for this host."""
    wanted = broker.query.get("ssl_check_hostname", "true").lower() != "false"
    return wanted and verify_mode(broker) is ssl.CERT_REQUIRED
