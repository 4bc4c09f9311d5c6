"""FlowerMonitors that the API server takes, and those that it refuses, with words of the refusal."""

from pathlib import Path
from typing import Any

import yaml

from flower_operator import constants
from flower_operator.kinds import Manifest

GOLDEN = Path(__file__).parent / "golden" / "input"
REDIS = {"url": "redis://redis:6379/0"}


def monitor(name: str = "orders", **spec: Any) -> Manifest:
    head = {"apiVersion": constants.API_VERSION, "kind": constants.KIND, "metadata": {"name": name}}
    return {**head, "spec": {"broker": REDIS} | spec}


OAUTH = {
    "provider": "oidc",
    "clientId": "flower",
    "clientSecretRef": {"name": "provider"},
    "redirectUri": "https://flower.example.com/login",
    "baseUrl": "https://issuer.example.com",
    "allowed": ["*@example.com"],
}
RABBITMQ = {"url": "amqp://rabbitmq"}
KEDA = {"name": "workers", "scaleTargetRef": {"name": "orders-worker"}, "queue": "default", "targetValue": 8}
CONSTRAINT = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}


def golden(case: str) -> Manifest:
    """A FlowerMonitor of the golden files, as a person would write it."""
    found: Manifest = yaml.safe_load((GOLDEN / f"{case}.yaml").read_text())
    return monitor(**found["spec"])


def without(source: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name not in names}


ACCEPTED: dict[str, Manifest] = {
    "user without password": monitor(broker={"url": "amqp://guest@rabbitmq:5672//"}),
    "url with a port and a query": monitor(broker={"url": "rediss://redis:6379/0?ssl_cert_reqs=required&x=a:b@c"}),
    "secret without key": monitor(broker={"urlSecretRef": {"name": "broker"}}),
    "longest name": monitor("a" * 40),
    "days": monitor(retention={"age": "30d"}),
    "hours and minutes": monitor(retention={"age": "36h30m"}),
    "an existing claim": monitor(storage={"existingClaim": "history"}),
    "plain quantities": monitor(resources={"limits": {"cpu": 2, "memory": "1Gi", "example.com/gpu": 1}}),
    "node port": monitor(service={"type": "NodePort", "nodePort": 30081}),
    "load balancer": monitor(service={"type": "LoadBalancer", "annotations": {"example.com/internal": "true"}}),
    "toleration of everything": monitor(podTemplate={"tolerations": [{"operator": "Exists"}]}),
    "digest": monitor(image="example.com/a@sha256:" + "0" * 64),
    "labels": monitor(podTemplate={"labels": {"team": "a", "example.com/x": ""}}),
    "sentinel with its master": monitor(
        broker={"url": "sentinel://one;sentinel://two", "transportOptions": {"master_name": "main"}}
    ),
    "everything of RabbitMQ": monitor(
        broker={
            "url": "amqps://rabbitmq:5671//",
            "managementUrlSecretRef": {"name": "management"},
            "tls": {"caSecretRef": {"name": "ca"}, "clientCertSecretRef": {"name": "client"}},
            "queues": ["high", "low"],
            "queue": {"type": "quorum", "expires": "24h", "size": "1Gi"},
        }
    ),
    "management of a broker by a Secret": monitor(
        broker={"urlSecretRef": {"name": "broker"}, "managementUrlSecretRef": {"name": "management"}}
    ),
    "results of an rpc": monitor(resultBackend={"url": "rpc://"}),
    "retention by bytes": monitor(retention={"bytes": "8Gi", "rollups": "90d"}),
    "retention by a part": monitor(retention={"bytes": "100%"}),
    "no limit of bytes": monitor(retention={"bytes": "0"}),
    "redaction": monitor(
        redaction={"rules": [{"argument": "*password*"}, {"task": "pay.*", "pattern": "[0-9]{16}"}, {"task": "x"}]}
    ),
    "roles": monitor(
        access={"usersSecretRef": {"name": "a"}, "roles": {"admin": ["ann", "*@ops.example.com"], "viewer": ["*"]}}
    ),
    "OpenID Connect under a prefix": monitor(
        access={"oauth": OAUTH | {"redirectUri": "https://a.example/x/flower/login"}}, options={"url_prefix": "flower"}
    ),
    "ingress": monitor(ingress={"hosts": ["flower.example.com", "*.example.org"], "tls": {}}),
    "route": monitor(httpRoute={"parentRefs": [{"name": "public"}]}),
    "policy of nobody": monitor(networkPolicy={"allowFrom": [], "egress": []}),
    "policy of everybody here": monitor(networkPolicy={}),
    "policy of all namespaces": monitor(networkPolicy={"allowFrom": [{"namespaceSelector": {}}]}),
    "monitoring": monitor(monitoring={"serviceMonitor": {}, "prometheusRule": {}, "dashboard": {}}),
    "all metrics": monitor(monitoring={"metrics": {"sets": ["all"]}, "dashboard": {}}),
    "policies": monitor(autoscaling={"policies": [{"name": "a", "match": {"queue": "a"}, "max": 4, "target": 0.5}]}),
    "policies switched off": monitor(autoscaling={"enabled": False}),
    "webhooks": monitor(autoscaling={"webhooks": {"before": "https://gate", "secretRef": {"name": "a"}}}),
    "pods by load": monitor(autoscaling={"keda": [KEDA | {"metric": "load", "targetValue": 0.8}]}),
    "version": monitor(version="0.1.0"),
    "version of an image": monitor(image="registry.example.com:5000/flower-operator", version="0.1.0rc1"),
    "overlap of nothing": monitor(access={"rotationOverlap": "0s"}),
    "pods of workers": monitor(workerPods={"matchLabels": {"app.kubernetes.io/name": "worker", "tier": ""}}),
    "deletion cost": monitor(workerPods={"matchLabels": {"app": "worker"}, "deletionCost": "ActiveTasks"}),
    "pull secrets": monitor(imagePullSecrets=[{"name": "a"}, {"name": "b"}]),
    "options": monitor(options={"trusted_proxies": ["10.0.0.0/8", "fd00::/8", "10.0.0.1", "*"], "read_only": True}),
}

REFUSED: dict[str, tuple[Manifest, str]] = {
    "no broker": ({**monitor(), "spec": {}}, "spec.broker: Required value"),
    "neither url nor secret": (monitor(broker={}), "set exactly one of spec.broker.url and spec.broker.urlSecretRef"),
    "url and secret": (monitor(broker={**REDIS, "urlSecretRef": {"name": "a"}}), "set exactly one of"),
    "password": (monitor(broker={"url": "redis://:secret@redis"}), "may not hold a password"),
    "user and password": (monitor(broker={"url": "amqp://me:secret@rabbitmq//"}), "may not hold a password"),
    "password with a slash": (monitor(broker={"url": "redis://:sec/ret@redis"}), "may not hold a password"),
    "unknown transport": (monitor(broker={"url": "kafka://kafka"}), "must start with redis://, rediss://"),
    "no transport": (monitor(broker={"url": "redis"}), "must start with redis://"),
    "url too long": (monitor(broker={"url": "redis://" + "a" * 1100}), "may not be more than 1024 bytes"),
    "secret without name": (monitor(broker={"urlSecretRef": {"key": "url"}}), "urlSecretRef.name: Required value"),
    "name too long": (monitor("a" * 41), "longer than 40 characters"),
    "name with a dot": (monitor("a.b"), "must start with a letter"),
    "name with a digit first": (monitor("1a"), "must start with a letter"),
    "size that is none": (monitor(storage={"size": "large"}), "must be a quantity such as 10Gi"),
    "size too small": (monitor(storage={"size": "1Mi"}), "at least 64Mi"),
    "negative size": (monitor(storage={"size": "-1Gi"}), "at least 64Mi"),
    "unknown policy": (monitor(storage={"retentionPolicy": "Keep"}), 'supported values: "Retain", "Delete"'),
    "class of an existing claim": (
        monitor(storage={"existingClaim": "a", "storageClassName": "b"}),
        "has no effect on an existing claim",
    ),
    "age without unit": (monitor(retention={"age": "720"}), "spec.retention.age"),
    "age of nothing": (monitor(retention={"age": "0h"}), "longer than nothing"),
    "no tasks": (monitor(retention={"tasks": 0}), "greater than or equal to 1"),
    "tasks as text": (monitor(retention={"tasks": "many"}), ".spec.retention.tasks: expected numeric"),
    "image with a space": (monitor(image="a b"), "spec.image"),
    "empty image": (monitor(image=""), "spec.image"),
    "quantity that is none": (monitor(resources={"limits": {"memory": "much"}}), "spec.resources.limits.memory"),
    "our labels": (monitor(podTemplate={"labels": {"app.kubernetes.io/name": "x"}}), "these select the pod"),
    "our annotations": (monitor(podTemplate={"annotations": {"flower-operator.io/x": "y"}}), "are the operator's"),
    "our annotations of the service": (
        monitor(service={"annotations": {"flower-operator.io/x": "y"}}),
        "are the operator's",
    ),
    "label too long": (monitor(podTemplate={"labels": {"a": "b" * 64}}), "may not be more than 63 bytes"),
    "toleration with a useless value": (
        monitor(podTemplate={"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}),
        "with operator Exists may have no value",
    ),
    "toleration of nothing": (monitor(podTemplate={"tolerations": [{"value": "b"}]}), "must have operator Exists"),
    "too many tolerations": (
        monitor(podTemplate={"tolerations": [{"key": f"k{n}"} for n in range(17)]}),
        "must have at most 16 items",
    ),
    "unknown service type": (monitor(service={"type": "ExternalName"}), "Unsupported value"),
    "node port of a cluster ip": (monitor(service={"nodePort": 30081}), "needs spec.service.type NodePort"),
    "port out of range": (monitor(service={"port": 65536}), "less than or equal to 65535"),
    "suspend as text": (monitor(suspend="yes"), ".spec.suspend: expected boolean"),
    "secret of ours without name": (monitor(access={"adminSecretRef": {}}), "adminSecretRef.name: Required value"),
    "sentinel without its master": (monitor(broker={"url": "sentinel://one"}), "transportOptions.master_name"),
    "transport options twice": (
        monitor(broker={**REDIS, "transportOptions": {}, "transportOptionsSecretRef": {"name": "a"}}),
        "not both",
    ),
    "visibility timeout": (
        monitor(broker={**REDIS, "transportOptions": {"visibility_timeout": 60}}),
        "could give a task that still runs to another worker",
    ),
    "unknown transport option": (
        monitor(broker={**REDIS, "transportOptions": {"region": "x"}}),
        "transportOptions.region: field not declared",
    ),
    "management of Redis": (
        monitor(broker={**REDIS, "managementUrlSecretRef": {"name": "a"}}),
        "are for RabbitMQ and have no effect on Redis",
    ),
    "queue of Redis": (monitor(broker={**REDIS, "queue": {"type": "quorum"}}), "have no effect on Redis"),
    "queue for ever": (monitor(broker={**RABBITMQ, "queue": {"expires": "0s"}}), "what the monitor leaves behind"),
    "queue without bound": (monitor(broker={**RABBITMQ, "queue": {"size": "0Mi"}}), "spec.broker.queue.size"),
    "two kinds of queue": (monitor(broker={**RABBITMQ, "queue": {"type": "stream"}}), "Unsupported value"),
    "queue names in one": (monitor(broker={**RABBITMQ, "queues": ["a,b"]}), "spec.broker.queues[0]"),
    "queue twice": (monitor(broker={**RABBITMQ, "queues": ["a", "a"]}), "duplicate"),
    "authority for nothing": (
        monitor(broker={**REDIS, "tls": {"insecureSkipVerify": True, "caSecretRef": {"name": "a"}}}),
        "verifies nothing, so spec.broker.tls.caSecretRef has no effect",
    ),
    "result backend of nothing": (monitor(resultBackend={}), "exactly one of spec.resultBackend.url"),
    "password of the result backend": (
        monitor(resultBackend={"url": "redis://:secret@redis/1"}),
        "spec.resultBackend.url may not hold a password",
    ),
    "more than the volume": (monitor(retention={"bytes": "101%"}), "spec.retention.bytes"),
    "bytes of nothing known": (monitor(retention={"bytes": "8Xi"}), "spec.retention.bytes"),
    "rollups of minutes": (monitor(retention={"rollups": "90m"}), "spec.retention.rollups"),
    "rollups of nothing": (monitor(retention={"rollups": "0d"}), "must be an hour at least"),
    "rule of nothing": (monitor(redaction={"rules": [{}]}), "must name task, argument or pattern"),
    "rule of too much": (
        monitor(redaction={"rules": [{"argument": "a", "pattern": "b"}]}),
        "may not have both argument and pattern",
    ),
    "negative length": (monitor(redaction={"maxLength": {"args": -1}}), "spec.redaction.maxLength.args"),
    "roles of nobody": (monitor(access={"roles": {"admin": ["ann"]}}), "spec.access.roles has no effect"),
    "unknown role": (
        monitor(access={"usersSecretRef": {"name": "a"}, "roles": {"root": ["ann"]}}),
        "spec.access.roles.root: field not declared",
    ),
    "everybody's domain": (
        monitor(access={"usersSecretRef": {"name": "a"}, "roles": {"admin": ["ann@*.com"]}}),
        "may not have a * in its domain",
    ),
    "two names in one": (
        monitor(access={"usersSecretRef": {"name": "a"}, "roles": {"admin": ["ann,bob"]}}),
        "give several",
    ),
    "provider for nobody": (
        monitor(access={"oauth": without(OAUTH, "allowed")}),
        "must say who may come in",
    ),
    "provider without issuer": (
        monitor(access={"oauth": without(OAUTH, "baseUrl")}),
        "oidc and okta need the address of the issuer",
    ),
    "unknown provider": (monitor(access={"oauth": OAUTH | {"provider": "saml"}}), "Unsupported value"),
    "level of no group": (
        monitor(access={"oauth": OAUTH | {"minAccessLevel": 30}}),
        "is for provider gitlab only",
    ),
    "back to somewhere else": (
        monitor(access={"oauth": OAUTH | {"redirectUri": "https://flower.example.com/"}}),
        "spec.access.oauth.redirectUri",
    ),
    "back to outside the prefix": (
        monitor(access={"oauth": OAUTH}, options={"url_prefix": "/flower"}),
        "must end with spec.options.url_prefix and /login",
    ),
    "proxy that is none": (monitor(options={"trusted_proxies": ["proxy"]}), "must hold addresses or networks"),
    "prefix with a space": (monitor(options={"url_prefix": "a b"}), "spec.options.url_prefix"),
    "timeout beyond control": (monitor(options={"inspect_timeout": 10001}), "less than or equal to 10000"),
    "option of no effect": (monitor(options={"auto_refresh": True}), "spec.options.auto_refresh: field not declared"),
    "ingress of no host": (monitor(ingress={"hosts": []}), "should have at least 1 items"),
    "ingress of an address": (monitor(ingress={"hosts": ["http://a"]}), "spec.ingress.hosts[0]"),
    "host twice": (monitor(ingress={"hosts": ["a", "a"]}), "duplicate"),
    "our annotations of the ingress": (
        monitor(ingress={"hosts": ["a"], "annotations": {"flower-operator.io/x": "y"}}),
        "spec.ingress.annotations may not start with",
    ),
    "route of no gateway": (monitor(httpRoute={"parentRefs": []}), "should have at least 1 items"),
    "our annotations of the route": (
        monitor(httpRoute={"parentRefs": [{"name": "a"}], "annotations": {"flower-operator.io/x": "y"}}),
        "spec.httpRoute.annotations may not start with",
    ),
    "peer of nothing": (monitor(networkPolicy={"allowFrom": [{}]}), "should have at least 1 properties"),
    "peer of two kinds": (
        monitor(networkPolicy={"allowFrom": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}),
        "may have an ipBlock or selectors, not both",
    ),
    "network of an address": (
        monitor(networkPolicy={"allowFrom": [{"ipBlock": {"cidr": "10.0.0.1"}}]}),
        "must have a network such as 10.0.0.0/8",
    ),
    "budget of nothing": (monitor(podDisruptionBudget={}), "maxUnavailable: Required value"),
    "budget of two": (monitor(podDisruptionBudget={"maxUnavailable": 2}), "less than or equal to 1"),
    "unknown metrics": (monitor(monitoring={"metrics": {"sets": ["more"]}}), "Unsupported value"),
    "rules without what they ask for": (
        monitor(monitoring={"metrics": {"sets": ["flower"]}, "prometheusRule": {}}),
        "need the sets own and tasks",
    ),
    "interval of nothing": (monitor(monitoring={"serviceMonitor": {"interval": "0s"}}), "serviceMonitor.interval"),
    "our labels of a rule": (
        monitor(monitoring={"prometheusRule": {"labels": {"app.kubernetes.io/name": "x"}}}),
        "labels in spec.monitoring may not start with",
    ),
    "our annotations of the dashboard": (
        monitor(monitoring={"dashboard": {"annotations": {"flower-operator.io/x": "y"}}}),
        "spec.monitoring.dashboard.annotations may not start with",
    ),
    "policy of no worker": (
        monitor(autoscaling={"policies": [{"name": "a", "match": {}, "max": 4}]}),
        "should have at least 1 properties",
    ),
    "policy of less than nothing": (
        monitor(autoscaling={"policies": [{"name": "a", "match": {"queue": "a"}, "min": 5, "max": 4}]}),
        "min of a policy in spec.autoscaling.policies may not be more than its max",
    ),
    "policy without end": (
        monitor(autoscaling={"policies": [{"name": "a", "match": {"queue": "a"}}]}),
        "max: Required value",
    ),
    "policy twice": (
        monitor(autoscaling={"policies": [{"name": "a", "match": {"queue": q}, "max": 4} for q in "ab"]}),
        "duplicate",
    ),
    "webhooks without a secret": (
        monitor(autoscaling={"webhooks": {"before": "https://gate"}}),
        "spec.autoscaling.webhooks.secretRef: Required value",
    ),
    "webhooks of nobody": (
        monitor(autoscaling={"webhooks": {"secretRef": {"name": "a"}}}),
        "must name before, after or both",
    ),
    "webhook by mail": (
        monitor(autoscaling={"webhooks": {"before": "mailto:me", "secretRef": {"name": "a"}}}),
        "must start with https:// or http://",
    ),
    "password of a webhook": (
        monitor(autoscaling={"webhooks": {"after": "https://me:secret@gate", "secretRef": {"name": "a"}}}),
        "may not hold a password",
    ),
    "scaler with a dash": (monitor(autoscaling={"keda": [KEDA | {"name": "a-b"}]}), "spec.autoscaling.keda[0].name"),
    "scaler twice": (monitor(autoscaling={"keda": [KEDA, KEDA]}), "duplicate"),
    "more than KEDA's most": (
        monitor(autoscaling={"keda": [KEDA | {"minReplicaCount": 101}]}),
        "may not be more than maxReplicaCount",
    ),
    "scaling the monitor": (
        monitor(autoscaling={"keda": [KEDA | {"scaleTargetRef": {"name": "orders-monitor"}}]}),
        "the Deployment of the monitor itself must stay as it is",
    ),
    "scaling by nothing": (monitor(autoscaling={"keda": [KEDA | {"targetValue": 0}]}), "keda[0].targetValue"),
    "version of a digest": (
        monitor(image="example.com/a@sha256:" + "0" * 64, version="0.1.0"),
        "spec.version has no effect on a spec.image that has a tag or digest",
    ),
    "version of a tag": (
        monitor(image="example.com:5000/a:latest", version="0.1.0"),
        "spec.version has no effect on a spec.image that has a tag or digest",
    ),
    "version of words": (monitor(version="latest"), "spec.version"),
    "overlap without unit": (monitor(access={"rotationOverlap": "24"}), "spec.access.rotationOverlap"),
    "pods of everybody": (monitor(workerPods={"matchLabels": {}}), "should have at least 1 properties"),
    "pods of a word": (monitor(workerPods={"matchLabels": {"a": "b c"}}), "spec.workerPods.matchLabels.a"),
    "pods of no label": (monitor(workerPods={"matchLabels": {"a,b": "c"}}), "must have names of labels"),
    "cost of what": (monitor(workerPods={"matchLabels": {"a": "b"}, "deletionCost": True}), "deletionCost"),
    "cost of nobody": (monitor(workerPods={"deletionCost": "ActiveTasks"}), "spec.workerPods.matchLabels"),
    "pull secret twice": (monitor(imagePullSecrets=[{"name": "a"}, {"name": "a"}]), "duplicate"),
    "root": (monitor(podTemplate={"securityContext": {"runAsUser": 0}}), "greater than or equal to 1"),
    "more rights": (
        monitor(podTemplate={"securityContext": {"runAsNonRoot": False}}),
        "securityContext.runAsNonRoot: field not declared",
    ),
    "our variables": (
        monitor(podTemplate={"env": [{"name": "FLOWER_PORT", "value": "1"}]}),
        "may not set FLOWER_ and CELERY_ variables",
    ),
    "Celery's variables": (
        monitor(podTemplate={"env": [{"name": "CELERY_BROKER_URL", "value": "redis://x"}]}),
        "may not set FLOWER_ and CELERY_ variables",
    ),
    "variable of two values": (
        monitor(
            podTemplate={
                "env": [{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}]
            }
        ),
        "value or valueFrom, not both",
    ),
    "variable twice": (monitor(podTemplate={"env": [{"name": "A"}, {"name": "A"}]}), "duplicate"),
    "variable with a dash": (monitor(podTemplate={"env": [{"name": "A-B"}]}), "spec.podTemplate.env[0].name"),
    "our volume": (
        monitor(podTemplate={"volumes": [{"name": "data", "emptyDir": {}}]}),
        "these are the operator's",
    ),
    "volume without source": (monitor(podTemplate={"volumes": [{"name": "a"}]}), "should have at least 2 properties"),
    "volume of two sources": (
        monitor(podTemplate={"volumes": [{"name": "a", "emptyDir": {}, "configMap": {"name": "a"}}]}),
        "must have at most 2 items",
    ),
    "folder of the node": (
        monitor(podTemplate={"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}),
        "hostPath: field not declared",
    ),
    "mount of nothing": (
        monitor(podTemplate={"volumeMounts": [{"name": "a", "mountPath": "/a"}]}),
        "names a volume that is not in spec.podTemplate.volumes",
    ),
    "mount over the history": (
        monitor(
            podTemplate={
                "volumes": [{"name": "a", "emptyDir": {}}],
                "volumeMounts": [{"name": "a", "mountPath": "/data/flower"}],
            }
        ),
        "may not hide /data",
    ),
    "mount path twice": (
        monitor(
            podTemplate={
                "volumes": [{"name": "a", "emptyDir": {}}],
                "volumeMounts": [{"name": "a", "mountPath": "/a"}, {"name": "a", "mountPath": "/a"}],
            }
        ),
        "duplicate",
    ),
    "mount path with a slash at its end": (
        monitor(
            podTemplate={
                "volumes": [{"name": "a", "emptyDir": {}}],
                "volumeMounts": [{"name": "a", "mountPath": "/a/"}],
            }
        ),
        "volumeMounts[0].mountPath",
    ),
    "constraint twice": (
        monitor(podTemplate={"topologySpreadConstraints": [CONSTRAINT, CONSTRAINT]}),
        "duplicate",
    ),
    "constraint of nothing": (
        monitor(podTemplate={"topologySpreadConstraints": [{"maxSkew": 1}]}),
        "topologyKey",
    ),
    "affinity of no weight": (
        monitor(
            podTemplate={
                "affinity": {"podAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 0}]}}
            }
        ),
        "greater than or equal to 1",
    ),
    "unknown field": (monitor(brokr={}), ".spec.brokr: field not declared in schema"),
    "unknown field deep inside": (monitor(storage={"sise": "1Gi"}), ".spec.storage.sise: field not declared"),
}
