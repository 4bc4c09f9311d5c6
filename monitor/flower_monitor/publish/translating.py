"""Errors of sending, as ours: whose mistake it was. Celery's and kombu's are imported when the first is looked at."""

import struct

from flower_monitor.exceptions import BrokerError, OptionError, causes
from flower_monitor.publish.connecting import Connecting

PRECONDITION_FAILED = 406
"""AMQP's code for a queue that is there with other arguments, and for a property that RabbitMQ does not take."""

REFUSED = frozenset({404, PRECONDITION_FAILED, 502})
"""AMQP's codes for what is wrong with a message: no such exchange, a property, and what no frame can hold."""

MISTAKES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, struct.error)
"""What Celery and kombu raise for options that they can't use: they check few before they use them."""


def problem(error: Exception, connecting: Connecting) -> Exception:
    """What went wrong, as an error of ours; a defect stays what it is."""
    from amqp.exceptions import MessageNacked

    from flower_monitor.from_kombu import EncodeError, SerializerNotInstalled

    if any(isinstance(cause, MessageNacked) for cause in causes(error)):
        return BrokerError(f"{connecting.public} refused the message: its queue may be full")
    if isinstance(error, EncodeError | SerializerNotInstalled):
        return OptionError("serializer", f"Invalid option: the message can't be written: {error}")
    if isinstance(error.__cause__, KeyError):
        # kombu takes one for a fault of Redis; when publishing it is an unknown compression.
        return OptionError("options", f"Invalid option: {error.__cause__} is not known here")
    if code(error) in REFUSED:
        return OptionError("options", f"Invalid option: the broker refuses the message: {error}")
    if isinstance(error, connecting.errors):
        return BrokerError(f"{connecting.public}: {str(error) or type(error).__name__}")
    return error


def code(error: Exception) -> int | None:
    """AMQP's code of an error, where it or what caused it has one."""
    codes = (getattr(cause, "code", None) for cause in causes(error))
    return next((code for code in codes if isinstance(code, int) and code), None)
