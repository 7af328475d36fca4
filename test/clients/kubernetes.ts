import * as v from 'valibot';

/** What the manifests of this project use of Kubernetes, and nothing else: a member that is misspelt is refused. */

const name = v.pipe(v.string(), v.regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/));
const quantity = v.pipe(v.string(), v.regex(/^\d+(m|[KMGT]i)?$/));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const optional = v.exactOptional;

const metadata = v.strictObject({ name, labels: optional(v.record(v.string(), name)) });
const resources = v.strictObject({
  requests: v.strictObject({ cpu: quantity, memory: quantity }),
  limits: v.strictObject({ memory: quantity }),
});
const confined = v.strictObject({
  allowPrivilegeEscalation: v.literal(false),
  readOnlyRootFilesystem: optional(v.literal(true)),
  capabilities: v.strictObject({ drop: v.tuple([v.literal('ALL')]) }),
});
const container = v.strictObject({
  name,
  image: v.pipe(v.string(), v.regex(/^[\w./-]+:[\w.-]+$/)),
  command: optional(v.array(v.string())),
  args: optional(v.array(v.string())),
  env: optional(v.array(v.strictObject({ name: v.string(), value: v.string() }))),
  workingDir: optional(v.string()),
  ports: optional(v.array(v.strictObject({ name, containerPort: port }))),
  readinessProbe: optional(v.strictObject({ tcpSocket: v.strictObject({ port: name }) })),
  securityContext: confined,
  resources,
  volumeMounts: v.array(
    v.strictObject({
      name,
      mountPath: v.pipe(v.string(), v.startsWith('/')),
      readOnly: optional(v.literal(true)),
    }),
  ),
});
const volume = v.union([
  v.strictObject({ name, emptyDir: v.strictObject({ sizeLimit: optional(quantity) }) }),
  v.strictObject({ name, secret: v.strictObject({ secretName: name, defaultMode: v.literal(0o440) }) }),
  v.strictObject({ name, configMap: v.strictObject({ name }) }),
]);
const pod = v.strictObject({
  restartPolicy: optional(v.literal('Never')),
  automountServiceAccountToken: v.literal(false),
  terminationGracePeriodSeconds: optional(whole),
  securityContext: v.strictObject({
    runAsNonRoot: v.literal(true),
    runAsUser: whole,
    runAsGroup: whole,
    fsGroup: whole,
    seccompProfile: v.strictObject({ type: v.literal('RuntimeDefault') }),
  }),
  containers: v.array(container),
  volumes: v.array(volume),
});
export type Pod = v.InferOutput<typeof pod>;

const job = v.strictObject({
  apiVersion: v.literal('batch/v1'),
  kind: v.literal('Job'),
  metadata,
  spec: v.strictObject({
    backoffLimit: whole,
    activeDeadlineSeconds: whole,
    ttlSecondsAfterFinished: whole,
    template: v.strictObject({ spec: pod }),
  }),
});
const deployment = v.strictObject({
  apiVersion: v.literal('apps/v1'),
  kind: v.literal('Deployment'),
  metadata,
  spec: v.strictObject({
    replicas: whole,
    strategy: v.strictObject({ type: v.literal('Recreate') }),
    selector: v.strictObject({ matchLabels: v.record(v.string(), name) }),
    template: v.strictObject({ metadata: v.omit(metadata, ['name']), spec: pod }),
  }),
});
const configMap = v.strictObject({
  apiVersion: v.literal('v1'),
  kind: v.literal('ConfigMap'),
  metadata,
  data: v.record(v.string(), v.string()),
});
const service = v.strictObject({
  apiVersion: v.literal('v1'),
  kind: v.literal('Service'),
  metadata,
  spec: v.strictObject({
    selector: v.record(v.string(), name),
    ports: v.array(v.strictObject({ name, port, targetPort: name })),
  }),
});

export const manifest = v.variant('kind', [job, deployment, configMap, service]);
export type Manifest = v.InferOutput<typeof manifest>;
