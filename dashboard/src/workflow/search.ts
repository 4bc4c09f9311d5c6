import * as v from 'valibot';

const word = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.minLength(1))), undefined));

/** The URL of a workflow. What is not understood is dropped: a link always opens. */
export const workflowSearch = v.object({
  /** Whether siblings of one name are one; left out, that depends on how many tasks there are. */
  group: v.optional(v.fallback(v.optional(v.picklist(['on', 'off'])), undefined)),
  /** Groups of which each task is shown. */
  open: v.optional(
    v.fallback(
      v.optional(
        v.pipe(
          v.union([v.array(v.string()), v.string()]),
          v.transform((value) => [value].flat()),
        ),
      ),
      undefined,
    ),
  ),
  path: v.optional(v.fallback(v.optional(v.literal('failed')), undefined)),
  /** The task that is marked. */
  task: word,
  /** The part of the graph that is in view (camera.ts); left out until somebody moves it. */
  at: word,
});
export type WorkflowSearch = v.InferOutput<typeof workflowSearch>;
