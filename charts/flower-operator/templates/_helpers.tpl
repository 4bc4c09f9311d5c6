{{/* Name of the chart in labels. */}}
{{- define "flower-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Prefix of all names; 50 characters leave room for "-controller" within 63. */}}
{{- define "flower-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := include "flower-operator.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Labels that select the pods of a component; they can't change once installed. Takes root, component. */}}
{{- define "flower-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "flower-operator.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* All labels of an object, each once whatever is wanted: those that select pods can't be replaced, the others can.
Takes root, component, and where they are wanted labels. */}}
{{- define "flower-operator.labels" -}}
{{- $chart := printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- $ours := dict "helm.sh/chart" $chart "app.kubernetes.io/version" .root.Chart.AppVersion "app.kubernetes.io/managed-by" .root.Release.Service "app.kubernetes.io/part-of" "flower-operator" }}
{{- $selected := include "flower-operator.selectorLabels" . | fromYaml }}
{{- merge $selected (.labels | default dict) .root.Values.commonLabels $ours | toYaml }}
{{- end }}

{{/* metadata of an object. Takes root, component, name, and where they are wanted cluster, namespace, labels,
annotations. */}}
{{- define "flower-operator.metadata" -}}
name: {{ .name }}
{{- if not .cluster }}
namespace: {{ .namespace | default .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "flower-operator.labels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Name of a component's objects. Takes root, component. */}}
{{- define "flower-operator.componentName" -}}
{{ include "flower-operator.fullname" .root }}-{{ .component }}
{{- end }}

{{/* Name of a component's ServiceAccount. Takes root, component, values. */}}
{{- define "flower-operator.serviceAccountName" -}}
{{- if .values.serviceAccount.create }}
{{- default (include "flower-operator.componentName" .) .values.serviceAccount.name }}
{{- else }}
{{- default "default" .values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The repository of the image with its registry. One that stands in the repository too is refused: which of the two is
meant can't be told. It is told from a folder as container runtimes do, by a dot, a port or localhost. */}}
{{- define "flower-operator.repository" -}}
{{- $registry := default .Values.image.registry (.Values.global).imageRegistry }}
{{- if and $registry (regexMatch "^([^/]*[.:][^/]*|localhost)/" .Values.image.repository) }}
{{- fail (printf "image.repository=%s has a registry in it, and another one is in image.registry or global.imageRegistry (%s): move the first into image.registry" .Values.image.repository $registry) }}
{{- end }}
{{- list $registry .Values.image.repository | compact | join "/" }}
{{- end }}

{{/* The image of this release. */}}
{{- define "flower-operator.image" -}}
{{- $repository := include "flower-operator.repository" . }}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" $repository .digest }}
{{- else }}
{{- printf "%s:%s" $repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{/* What selects the controller's series in Prometheus: labels that its operator gives to those of a PodMonitor. */}}
{{- define "flower-operator.controllerMatchers" -}}
{{- printf "namespace=%q,pod=~%q" .Release.Namespace (printf "%s-controller-.+" (include "flower-operator.fullname" .)) }}
{{- end }}
