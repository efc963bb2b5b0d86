import { context, get, inhibitOnNull, lambda, listen, type Step } from "postgraphile/grafast";
import { extendSchema } from "postgraphile/utils";
import { type Change, KINDS } from "./changes.ts";

declare global {
  namespace Grafast {
    interface Context {
      /** What the caller may be told; set where subscriptions are served. */
      changes?: { subscribe(kinds: string): AsyncIterableIterator<Change> };
    }
  }
}

/** Where what happened can be read: kind, field, table. A table that is not there has no field. */
const SUBJECTS = [
  ["ASSESSMENT", "assessment", "assessments"],
  ["JOB", "migrationJob", "migration_jobs"],
  ["ALERT", "alert", "alerts"],
  ["MONITOR", "monitor", "monitors"],
] as const;

/**
 * `subscription { changes { kind id … assessment { … } } }`: each event names what changed; what is asked about it is read then,
 * under the rights of whoever subscribed.
 */
export const LivePlugin: GraphileConfig.Plugin = extendSchema(build => {
  const subjects = SUBJECTS.flatMap(([kind, field, table]) => {
    const resource = build.pgResources[table];
    if (resource === undefined) return [];
    return [{ kind, field, resource, type: build.inflection.tableType(resource.codec) }];
  });
  return {
    typeDefs: /* GraphQL */ `
      extend type Subscription {
        """
        Tells when something came, changed or went in the accounts you may read. The first event is RESYNC, and so is the one
        after a time in which events may have been missed: ask for everything you show again.
        """
        changes(
          "What to be told of; everything when left out. RESYNC is always told."
          kinds: [ChangeEventKind!]
        ): ChangeEvent
      }

      "What an event is about. RESYNC: something may have been missed, ask for everything again."
      enum ChangeEventKind { RESYNC ${KINDS.join(" ")} }

      "Something came, changed or went."
      type ChangeEvent {
        kind: ChangeEventKind!
        "The row's id; null for RESYNC, and when many changed at once: ask for the whole list again."
        id: UUID
        "Account it belongs to; null for RESYNC."
        awsAccountId: String
        "When it happened."
        at: Datetime!
        ${subjects.map(({ kind, field, type }) => `"The row as it is now, when kind is ${kind}; null when it is gone."\n${field}: ${type}`).join("\n")}
      }
    `,
    objects: {
      Subscription: {
        plans: {
          changes: {
            subscribePlan(_$root, { $kinds }) {
              const $topic = lambda($kinds as unknown as Step<string[] | null | undefined>, joined);
              return listen(context().get("changes") as never, $topic as never, $event => $event);
            },
            plan: ($event: Step) => $event,
          },
        },
      },
      ChangeEvent: {
        plans: Object.fromEntries([
          ...["kind", "id", "awsAccountId", "at"].map(name => [name, ($event: Step) => get($event, name)]),
          ...subjects.map(({ kind, field, resource }) => [
            field,
            ($event: Step) => {
              const $id = lambda($event as Step<Change>, ({ kind: happened, id }) => (happened === kind ? id : null));
              return resource.get({ id: inhibitOnNull($id) });
            },
          ]),
        ]),
      },
    },
  };
}, "LivePlugin");

function joined(kinds: readonly string[] | null | undefined): string {
  return (kinds ?? KINDS).join(" ");
}
