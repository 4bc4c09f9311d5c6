{{/* A role, and its binding to the ServiceAccount of a component. Takes root, component, values, kind, suffix, rules,
and for a Role outside of the release's namespace namespace. */}}
{{- define "flower-operator.role" -}}
{{- $name := printf "%s%s" (include "flower-operator.componentName" .) (.suffix | default "") -}}
{{- $metadata := merge (dict "name" $name "cluster" (eq .kind "ClusterRole")) . -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}
metadata:
  {{- include "flower-operator.metadata" $metadata | nindent 2 }}
{{ .rules }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
metadata:
  {{- include "flower-operator.metadata" $metadata | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "flower-operator.serviceAccountName" . }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}

{{/* Roles for what a component does where it watches: in the cluster, or in each of watchNamespaces. Takes root,
component, values, rules. */}}
{{- define "flower-operator.watchedRoles" -}}
{{- $component := . }}
{{- if and (not .root.Values.watchNamespaces) (not .root.Values.rbac.clusterRoles) }}
{{- fail "rbac.clusterRoles=false needs watchNamespaces: without them the programs watch the whole cluster" }}
{{- end }}
{{- range .root.Values.watchNamespaces }}
---
{{ include "flower-operator.role" (merge (dict "kind" "Role" "suffix" "-watch" "namespace" .) $component) }}
{{- else }}
---
{{ include "flower-operator.role" (merge (dict "kind" "ClusterRole") .) }}
{{- end }}
{{- end }}
