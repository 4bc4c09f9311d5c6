"""Names that other programs, charts and people depend on. Changing one is a breaking change."""

from typing import Final

GROUP: Final = "flower-operator.io"
VERSION: Final = "v1alpha1"
API_VERSION: Final = f"{GROUP}/{VERSION}"
KIND: Final = "FlowerMonitor"
PLURAL: Final = "flowermonitors"

FIELD_MANAGER: Final = "flower-operator"
"""Who owns the fields that we apply to children. Renaming it would leave ghosts of the old owner for ever."""

STATUS_MANAGER: Final = "flower-operator-status"
"""Who owns `status`; another name than for children, so that each applies its own total set of fields."""

LABEL_NAME: Final = "app.kubernetes.io/name"
LABEL_INSTANCE: Final = "app.kubernetes.io/instance"
LABEL_MANAGED_BY: Final = "app.kubernetes.io/managed-by"
LABEL_COMPONENT: Final = "app.kubernetes.io/component"

APP_NAME: Final = "flower-monitor"
MANAGED_BY: Final = "flower-operator"
COMPONENT: Final = "monitor"

UNSEEN: Final = -1
"""`status.observedGeneration` of a FlowerMonitor that no operator has seen: the CRD's default. By kstatus, which helm
and Flux go by, an object without a status is done; one whose status is of another generation is in progress."""

ANNOTATION_INPUT_HASH: Final = f"{GROUP}/input-hash"
"""On each applied child: hash of what we applied, so that a restarted operator sees that nothing changed."""

ANNOTATION_CONFIG_HASH: Final = f"{GROUP}/config-hash"
"""On the pod template: keyed hash of every Secret that the pod reads, so that a change rolls the pod."""

ANNOTATION_RECONCILE: Final = f"{GROUP}/reconcile"
"""On a FlowerMonitor: with the value RECONCILE_DISABLED the operator leaves everything as it is."""

RECONCILE_DISABLED: Final = "disabled"

ANNOTATION_ROTATE: Final = f"{GROUP}/rotate"
"""On a FlowerMonitor: any other value than before asks for new generated credentials."""

ANNOTATION_ROTATED: Final = f"{GROUP}/rotated"
"""On the Secret with the generated credentials: the value of ANNOTATION_ROTATE that it was last rotated for."""

ANNOTATION_OVERLAP_ENDS: Final = f"{GROUP}/overlap-ends"
"""On that Secret: until when the credentials before are accepted, in TIME_FORMAT."""

LABEL_CLUSTER: Final = f"{GROUP}/cluster"
"""On a Secret with a kubeconfig in the fleet's namespace: what the fleet calls the cluster that it leads to."""

ANNOTATION_OPERATOR_NAMESPACE: Final = f"{GROUP}/operator-namespace"
"""On that Secret: the operator's namespace in that cluster; without it the same as here."""

TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"
"""How Kubernetes writes a time, in UTC."""

LONGEST_ROTATE: Final = 63
"""Characters of ANNOTATION_ROTATE that count."""

CHILD_SELECTOR: Final = f"{LABEL_MANAGED_BY}={MANAGED_BY},{LABEL_NAME}={APP_NAME}"
"""Selects every child of every FlowerMonitor."""

CONTAINER: Final = "monitor"
PORT_NAME: Final = "http"
MONITOR_PORT: Final = 5555
"""Port on which a monitor listens inside its pod (Flower's own default)."""

DATA_DIR: Final = "/data"
STORE_PATH: Final = f"{DATA_DIR}/flower.sqlite3"
CREDENTIALS_DIR: Final = "/etc/flower-monitor/credentials"
POLICIES_DIR: Final = "/etc/flower-monitor/autoscaling"
PODS_DIR: Final = "/etc/flower-monitor/pods"

ADMIN_USER: Final = "admin"
"""User name in generated credentials."""

FLEET_SECRET: Final = "flower-operator-fleet"  # noqa: S105 - the name of a Secret, not a secret
LEASE_NAME: Final = "flower-operator"

MAX_NAME_LENGTH: Final = 40
"""Longest name of a FlowerMonitor; children append up to 12 characters and label values end at 63."""
