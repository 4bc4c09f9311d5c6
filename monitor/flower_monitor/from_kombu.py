"""What threads use of kombu, imported whole by whichever asks first: the others wait.

kombu and Celery put lazy modules in their own place while they are imported, and a second thread that imports from
them at that moment finds names missing. Python locks each module while it is imported, so a module of ours around
them makes it safe. Imported inside functions: who never asks a broker never loads it.
"""

from kombu import connection, entity, messaging
from kombu.exceptions import EncodeError, KombuError, SerializerNotInstalled
from kombu.pidbox import Mailbox
from kombu.utils import json

__all__ = [
    "EncodeError",
    "KombuError",
    "Mailbox",
    "SerializerNotInstalled",
    "connection",
    "entity",
    "json",
    "messaging",
]
