{{/* Binds the role of a component, of the same name, to its ServiceAccount. Takes root, component, values, role. */}}
{{- define "flower-operator.binding" -}}
{{- $name := include "flower-operator.componentName" . -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .role }}Binding
metadata:
  {{- include "flower-operator.metadata" (merge (dict "name" $name "cluster" (eq .role "ClusterRole")) .) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .role }}
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "flower-operator.serviceAccountName" . }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
