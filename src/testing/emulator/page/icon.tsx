import type { VNode } from 'preact';

const paths = {
  attach: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  chats: 'M4 5h16v11H9l-5 4z',
  check: 'M4 12l5 5L20 6',
  clock: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-7 8-7s7 2 8 7',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  delete: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  document: 'M6 3h8l5 5v13H6zM14 3v5h5',
  edit: 'M4 20l1-5L16 4l4 4L9 19z',
  error: 'M12 7v6M12 16.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  flow: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h4',
  inbound: 'M19 12H5M11 6l-6 6 6 6',
  link: 'M10 14l10-10M14 4h6v6M18 14v6H4V6h6',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.1M4 12h.1M4 18h.1',
  mark: 'M12 3a8.5 8.5 0 0 0-7.4 12.7L3.5 20.5l4.9-1.2A8.5 8.5 0 1 0 12 3z',
  microphone: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11v1a6 6 0 0 0 12 0v-1M12 18v3',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  outbound: 'M5 12h14M13 6l6 6-6 6',
  pause: 'M9 5v14M15 5v14',
  phone: 'M5 4h4l2 5-2.5 2a12 12 0 0 0 5 5L15.500 13.500l4.500 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.1',
  pin: 'M12 21s7-6.500 7-11a7 7 0 0 0-14 0c0 4.500 7 11 7 11zM12 12a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z',
  play: 'M8 5l11 7-11 7z',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2',
  react: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14a4 4 0 0 0 7 0M9 9.500h.1M15 9.500h.1',
  reply: 'M9 6l-6 6 6 6M3 12h11a7 7 0 0 1 7 7',
  send: 'M4 4l17 8-17 8 3-8z',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  sticker: 'M4 4h16v9l-7 7H4zM20 13h-7v7',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19',
  video: 'M4 6h11v12H4zM15 11l5-3v8l-5-3z',
  close: 'M6 6l12 12M18 6L6 18',
} as const;

/** Names of the icons. */
export type IconName = keyof typeof paths;

/** A decorative icon. The control around it has the name. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
