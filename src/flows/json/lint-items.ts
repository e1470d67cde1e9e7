import type { FlowLimits } from '../../policy/flow-rules.js';
import type { JsonPath } from '../../runtime/json-position.js';
import { isRecord } from '../../runtime/json.js';
import { isDynamic, type FlowFindings } from './flow-finding.js';
import { isBefore, itemsOf, type FlowNode, type FlowScreenModel } from './flow-model.js';

type Wire = Readonly<Record<string, unknown>>;

/** Checks the options of a selection, the items of a navigation list, and the images of a carousel. */
export function lintItems(node: FlowNode, screen: FlowScreenModel, version: string, findings: FlowFindings): void {
  const { component, type, path } = node;
  if (Array.isArray(component['data-source'])) lintOptions(node, version, findings);
  if (type === 'NavigationList') lintNavigationList(node, screen, findings);
  if (type === 'ImageCarousel' && Array.isArray(component.images)) {
    const { length } = component.images;
    if (length === 0) findings.add('requiredProperty', [...path, 'images'], 'must contain an image');
    lintCount('carouselImages', [...path, 'images'], length, findings);
    for (const [image, own] of itemsOf(node, 'images')) {
      for (const name of ['src', 'alt-text']) {
        if (image[name] === undefined) findings.add('requiredProperty', [...own, name], 'is missing');
      }
    }
  }
}

function lintOptions(node: FlowNode, version: string, findings: FlowFindings): void {
  const { type, path } = node;
  const own = [...path, 'data-source'];
  const options = itemsOf(node, 'data-source');
  const isChips = type === 'ChipsSelector';
  const least = isChips ? 'minChips' : 'minOptions';
  findings.least(least, own, options.length, (limit) => `has ${String(options.length)} options, but Meta needs ${String(limit)}`);
  const hasImages = options.some(([option]) => option.image !== undefined);
  const most = isChips ? 'maxChips' : type !== 'Dropdown' ? 'groupOptions' : hasImages ? 'dropdownOptionsWithImages' : 'dropdownOptions';
  lintCount(most, own, options.length, findings);
  const seen = new Set<unknown>();
  for (const [option, optionPath] of options) {
    for (const name of ['id', 'title']) {
      if (typeof option[name] !== 'string' || option[name] === '') findings.add('requiredProperty', [...optionPath, name], 'is missing');
    }
    if (seen.has(option.id)) findings.add('uniqueName', [...optionPath, 'id'], 'is the ID of an earlier option');
    seen.add(option.id);
    findings.length('optionTitleLength', [...optionPath, 'title'], option.title);
    findings.length('optionDescriptionLength', [...optionPath, 'description'], option.description);
    findings.length('optionMetadataLength', [...optionPath, 'metadata'], option.metadata);
    lintImage(isBefore(version, '6.0') ? 'optionImageBytesBefore6' : 'optionImageBytes', [...optionPath, 'image'], option.image, findings);
  }
}

function lintNavigationList(node: FlowNode, { isTerminal, nodes }: FlowScreenModel, findings: FlowFindings): void {
  const { component, path } = node;
  if (isTerminal) findings.add('navigationList', path, 'is on a terminal screen, where it is not possible');
  const other = nodes.find(({ type }) => type !== 'NavigationList');
  if (other) findings.add('navigationList', path, `is on a screen with other components, such as ${other.type}`);
  const items = itemsOf(node, 'list-items');
  const own = [...path, 'list-items'];
  if (Array.isArray(component['list-items'])) {
    if (items.length === 0) findings.add('navigationList', own, 'must contain an item');
    lintCount('navigationItems', own, items.length, findings);
  }
  const ofComponent = component['on-click-action'] !== undefined;
  let badges = 0;
  for (const [item, itemPath] of items) {
    if (ofComponent && item['on-click-action'] !== undefined) {
      findings.add('navigationList', [...itemPath, 'on-click-action'], 'is not possible, because the list has an action');
    } else if (!ofComponent && item['on-click-action'] === undefined) {
      findings.add('navigationList', [...itemPath, 'on-click-action'], 'is missing on the item and on the list');
    }
    if (item.end !== undefined && component['media-size'] === 'large') {
      findings.add('navigationList', [...itemPath, 'end'], "is not possible with the media-size 'large'");
    }
    if (item.badge !== undefined) badges += 1;
    lintItem(item, itemPath, findings);
  }
  findings.most('badges', own, badges, (limit) => `has ${String(badges)} items with a badge, but Meta allows ${String(limit)}`);
}

function lintItem(item: Wire, path: JsonPath, findings: FlowFindings): void {
  const main = isRecord(item['main-content']) ? item['main-content'] : {};
  if (typeof main.title !== 'string') findings.add('requiredProperty', [...path, 'main-content', 'title'], 'is missing');
  findings.length('itemTitleLength', [...path, 'main-content', 'title'], main.title);
  findings.length('itemDescriptionLength', [...path, 'main-content', 'description'], main.description);
  findings.length('itemMetadataLength', [...path, 'main-content', 'metadata'], main.metadata);
  const end = isRecord(item.end) ? item.end : {};
  for (const name of ['title', 'description', 'metadata']) findings.length('itemEndLength', [...path, 'end', name], end[name]);
  const start = isRecord(item.start) ? item.start : {};
  lintImage('itemImageBytes', [...path, 'start', 'image'], start.image, findings);
  findings.length('badgeLength', [...path, 'badge'], item.badge);
  const given: unknown = item.tags;
  const tags: readonly unknown[] = Array.isArray(given) ? given : [];
  lintCount('tags', [...path, 'tags'], tags.length, findings);
  tags.forEach((tag, index) => {
    findings.length('tagLength', [...path, 'tags', index], tag);
  });
}

function lintCount(rule: keyof FlowLimits, path: JsonPath, count: number, findings: FlowFindings): void {
  findings.most(rule, path, count, (limit) => `has ${String(count)} elements, but Meta allows ${String(limit)}`);
}

function lintImage(rule: keyof FlowLimits, path: JsonPath, image: unknown, findings: FlowFindings): void {
  if (typeof image !== 'string' || isDynamic(image)) return;
  const data = image.replace(/^data:[^,]*,/, '');
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  const bytes = Math.floor(((data.length - padding) * 3) / 4);
  findings.most(rule, path, bytes, (limit) => `has ${String(bytes)} bytes, but Meta allows ${String(limit)}`);
}
