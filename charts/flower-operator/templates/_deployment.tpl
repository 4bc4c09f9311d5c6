{{/*
The Deployment of a component. Takes root, component, values, args, port, grace (seconds to stop in).
Restricted Pod Security throughout; no user id, so that OpenShift may choose one (the image's is 65532).
*/}}
{{- define "flower-operator.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "flower-operator.metadata" (merge (dict "name" (include "flower-operator.componentName" .)) .) | nindent 2 }}
spec:
  replicas: {{ .values.replicas }}
  selector:
    matchLabels:
      {{- include "flower-operator.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "flower-operator.labels" (merge (dict "labels" .values.podLabels) .) | nindent 8 }}
      {{- with merge (dict) .values.podAnnotations .root.Values.commonAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "flower-operator.serviceAccountName" . }}
      automountServiceAccountToken: true
      # Variables of other Services would only clash with options of ours.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .grace }}
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: {{ .component }}
          image: {{ include "flower-operator.image" .root | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command: [flower-operator]
          args:
            {{- toYaml .args | nindent 12 }}
          {{- with .values.extraEnv }}
          env:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - name: http
              containerPort: {{ .port }}
              protocol: TCP
          # Two minutes to come up: a cold node may be slow to read the image.
          startupProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          {{- with .values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- with .values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
        {{- with .values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if .values.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- toYaml .values.topologySpreadConstraints | nindent 8 }}
      {{- else if gt (int .values.replicas) 1 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          # Without it an upgrade counts the pods that go, and may put both new ones on one node.
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels:
              {{- include "flower-operator.selectorLabels" . | nindent 14 }}
      {{- end }}
{{- end }}

{{/* The PodDisruptionBudget of a component, where one makes sense. Takes root, component, values. */}}
{{- define "flower-operator.podDisruptionBudget" -}}
{{- if and .values.podDisruptionBudget (gt (int .values.replicas) 1) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "flower-operator.metadata" (merge (dict "name" (include "flower-operator.componentName" .)) .) | nindent 2 }}
spec:
  minAvailable: 1
  selector:
    matchLabels:
      {{- include "flower-operator.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end }}

{{/* The ServiceAccount of a component. Takes root, component, values. */}}
{{- define "flower-operator.serviceAccount" -}}
{{- if .values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "flower-operator.metadata" (merge (dict "name" (include "flower-operator.serviceAccountName" .) "annotations" .values.serviceAccount.annotations) .) | nindent 2 }}
# Pods that want the token say so.
automountServiceAccountToken: false
{{- end }}
{{- end }}
