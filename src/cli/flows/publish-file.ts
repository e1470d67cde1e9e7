import type { Client } from '../../client/client.js';
import { createClient } from '../../client/create-client.js';
import { createFlow } from '../../flows/create-flow.js';
import type { FlowDetails, FlowValidationError } from '../../flows/flow.js';
import { listFlows } from '../../flows/list-flows.js';
import { publishFlow } from '../../flows/publish-flow.js';
import { updateFlow } from '../../flows/update-flow.js';
import { uploadFlowJson } from '../../flows/upload-flow-json.js';
import { defined } from '../../runtime/json.js';
import type { AccountOptions } from '../account-options.js';
import { exitDone, exitFailed, type CommandContext } from '../command.js';
import { oneLine } from '../terminal.js';

/** Options for publishing a file. */
export interface PublishOptions {
  readonly name: string;
  readonly categories: readonly string[] | undefined;
  readonly endpointUri: string | undefined;
  readonly isDraft: boolean;
  readonly skipsLint: boolean;
}

/** A file to publish. */
export interface FileToPublish extends PublishOptions {
  readonly file: string;
  readonly text: string;
  readonly account: AccountOptions;
}

/**
 * Creates the Flow, or updates the draft with the same name. Prints Meta's validation errors, and publishes the Flow if
 * there are none.
 */
export async function publishFile(target: FileToPublish, { fetch, signal, write }: CommandContext): Promise<number> {
  const { file, name, isDraft, account } = target;
  const client = createClient(defined({ ...account, fetch }));
  const existing = await findFlow(client, name, signal);
  if (existing && existing.status !== 'DRAFT') {
    write(`The Flow ${name} (${existing.id}) is ${existing.status ?? 'published'}, so Meta doesn't allow changes.`);
    write('Publish the new version with another --name, and deprecate the old one afterwards.');
    return exitFailed;
  }
  const { id, errors } = existing ? await update(client, existing.id, target, signal) : await create(client, target, signal);
  write(`${existing ? 'Updated' : 'Created'} the Flow ${name} (${id}).`);
  for (const error of errors) write(describe(file, error));
  if (errors.length > 0) {
    write(`${file}: Meta found ${String(errors.length)} errors. The Flow remains a draft.`);
    return exitFailed;
  }
  if (isDraft) return exitDone;
  await publishFlow(client, { flowId: id }, { signal });
  write(`Published the Flow ${name} (${id}).`);
  return exitDone;
}

interface Uploaded {
  readonly id: string;
  readonly errors: readonly FlowValidationError[];
}

async function findFlow(client: Client, name: string, signal: AbortSignal): Promise<FlowDetails | undefined> {
  for await (const flow of listFlows(client, { fields: ['id', 'name', 'status'] }, { signal })) {
    if (flow.name === name) return flow;
  }
  return undefined;
}

async function create(
  client: Client,
  { name, text, categories = ['OTHER'], endpointUri }: FileToPublish,
  signal: AbortSignal,
): Promise<Uploaded> {
  const created = await createFlow(client, { name, categories, flowJson: text, endpoint_uri: endpointUri }, { signal });
  return { id: created.id, errors: created.validation_errors ?? [] };
}

async function update(
  client: Client,
  flowId: string,
  { text, categories, endpointUri }: FileToPublish,
  signal: AbortSignal,
): Promise<Uploaded> {
  if (categories !== undefined || endpointUri !== undefined) {
    await updateFlow(client, { flowId, categories, endpoint_uri: endpointUri }, { signal });
  }
  const { validation_errors: errors = [] } = await uploadFlowJson(client, { flowId, flowJson: text }, { signal });
  return { id: flowId, errors };
}

function describe(file: string, { error, message, line_start: line, column_start: column }: FlowValidationError): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return oneLine(`${place} error ${message ?? error} [${error}]`);
}
