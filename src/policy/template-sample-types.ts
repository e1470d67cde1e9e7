import type { PolicyRule } from './rule.js';

/** MIME types of samples for the headers of templates, with their history, oldest first. */
export const templateSampleTypes: readonly PolicyRule<readonly string[]>[] = [
  {
    value: ['image/jpeg', 'image/png', 'video/mp4', 'application/pdf'],
    source: 'Meta, Resumable Upload API (Sep 2025)',
  },
];
