#!/bin/sh
# What kindnetd and local-path-provisioner do on a kind node, as far as tests need it. Runs on every node with NODE set
# to the node's name, and follows three lists with `kubectl get --watch`:
#   nodes     writes the CNI configuration of this node, and a route to the pods of every other one
#   claims    makes a folder and a volume for each pending claim of a pod that was put on this node
#   volumes   removes both when the claim is gone
set -u

STORAGE=/var/local-path-provisioner
CNI=/etc/cni/net.d/10-nodenet.conflist

# Before kube-proxy runs there is no way to the API server's Service; kind tells where the server itself is.
if [ -n "${CONTROL_PLANE_ENDPOINT:-}" ]; then
  export KUBERNETES_SERVICE_HOST="${CONTROL_PLANE_ENDPOINT%:*}" KUBERNETES_SERVICE_PORT="${CONTROL_PLANE_ENDPOINT##*:}"
fi

write_cni() { # SUBNET: pods of this node; written aside first, as containerd reads the folder at any moment
  cat > "$CNI.tmp" << END
{"cniVersion": "0.4.0", "name": "nodenet", "plugins": [
  {"type": "ptp", "ipMasq": true,
   "ipam": {"type": "host-local", "dataDir": "/run/cni-ipam-state",
            "routes": [{"dst": "0.0.0.0/0"}], "ranges": [[{"subnet": "$1"}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
  mv "$CNI.tmp" "$CNI"
}

nodes() {
  kubectl get nodes --watch -o 'jsonpath={.metadata.name} {.spec.podCIDR} {.status.addresses[?(@.type=="InternalIP")].address}{"\n"}' |
    while read -r name subnet address; do
      [ -n "$address" ] || continue # not complete yet: it comes again
      if [ "$name" != "$NODE" ]; then
        ip route replace "$subnet" via "$address"
      elif [ ! -f "$CNI" ]; then
        write_cni "$subnet"
      fi
    done
}

volume() { # UID NAMESPACE NAME ACCESS SIZE: the manifest of a claim's volume
  cat << END
{"apiVersion": "v1", "kind": "PersistentVolume",
 "metadata": {"name": "pvc-$1", "labels": {"nodenet": "$NODE"},
              "annotations": {"pv.kubernetes.io/provisioned-by": "rancher.io/local-path"}},
 "spec": {"capacity": {"storage": "$5"}, "accessModes": ["$4"], "volumeMode": "Filesystem",
          "persistentVolumeReclaimPolicy": "Delete", "storageClassName": "standard",
          "hostPath": {"path": "$STORAGE/pvc-$1", "type": "DirectoryOrCreate"},
          "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": "$2", "name": "$3", "uid": "$1"},
          "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [
            {"key": "kubernetes.io/hostname", "operator": "In", "values": ["$NODE"]}]}]}}}}
END
}

claims() {
  kubectl get persistentvolumeclaims --all-namespaces --watch -o 'jsonpath={.status.phase} {.spec.storageClassName} {.metadata.uid} {.metadata.namespace} {.metadata.name} {.spec.accessModes[0]} {.spec.resources.requests.storage} {.metadata.annotations.volume\.kubernetes\.io/selected-node}{"\n"}' |
    while read -r phase class uid namespace name access size node; do
      [ "$phase $class $node" = "Pending standard $NODE" ] || continue
      mkdir -p -m 777 "$STORAGE/pvc-$uid" # as with local-path-provisioner, any user may write
      # A claim is seen more than once while it is pending: "already exists" is no fault.
      volume "$uid" "$namespace" "$name" "$access" "$size" | kubectl create -f -
    done
}

volumes() {
  kubectl get persistentvolumes --selector "nodenet=$NODE" --watch -o 'jsonpath={.status.phase} {.metadata.name}{"\n"}' |
    while read -r phase name; do
      [ "$phase" = Released ] || continue
      rm -rf "${STORAGE:?}/$name" && kubectl delete persistentvolume "$name" --wait=false
    done
}

again() { while :; do "$1"; sleep 1; done; } # a watch ends when the API server wants it to

trap 'exit 0' TERM
again nodes &
again claims &
again volumes &
wait
