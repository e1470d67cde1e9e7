import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icon.js';
import { memberOf, textIn } from '../words.js';

/** Where the emulator serves the file of a message. Files behind a link stay with their server. */
function fileUrl(file: unknown): string | undefined {
  const id = textIn(file, 'id');
  return id === '' ? undefined : `/emulator/media/${encodeURIComponent(id)}`;
}

function hostOf(file: unknown): string {
  const link = textIn(file, 'link');
  return URL.canParse(link) ? new URL(link).host : 'No preview';
}

/** A picture or sticker, or a drawing if the file has no picture. */
export function Picture({ file, kind }: { readonly file: unknown; readonly kind: 'image' | 'sticker' | 'video' }): VNode {
  const url = fileUrl(file);
  const [isBroken, setBroken] = useState(false);
  const label = { image: 'Photo', sticker: 'Sticker', video: 'Video' }[kind];
  if (url !== undefined && kind !== 'video' && !isBroken) {
    return (
      <img
        class={`picture ${kind}`}
        src={url}
        alt={textIn(file, 'caption') || label}
        onError={() => {
          setBroken(true);
        }}
      />
    );
  }
  if (kind === 'sticker')
    return (
      <span class="picture sticker drawn" role="img" aria-label={label}>
        <svg viewBox="0 0 96 96" aria-hidden="true">
          <circle class="dough" cx="48" cy="50" r="38" />
          <path class="crust" d="M20 44c8-16 48-16 56 0M26 60c8-12 36-12 44 0M34 74c6-7 22-7 28 0" />
          <path class="face" d="M38 42v5M58 42v5M40 56c4 6 12 6 16 0" />
        </svg>
      </span>
    );
  return (
    <span class={`picture ${kind} drawn`} role="img" aria-label={label}>
      <svg viewBox="0 0 240 140" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <rect class="sky" width="240" height="140" />
        <circle class="sun" cx="176" cy="46" r="18" />
        <path class="far" d="M0 96l52-40 44 34 40-30 60 44 44-22v58H0z" />
        <path class="near" d="M0 122c40-24 80-20 120-4s80 12 120-8v30H0z" />
      </svg>
      {kind === 'video' && (
        <span class="round">
          <Icon name="play" />
        </span>
      )}
      {textIn(file, 'link') !== '' && <span class="host">{hostOf(file)}</span>}
    </span>
  );
}

const bars = 28;

/** A voice message or another audio file. */
export function Voice({ file, id, onPlay }: { readonly file: unknown; readonly id: string; readonly onPlay?: () => void }): VNode {
  const [isPlayed, setPlayed] = useState(false);
  let seed = Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_537, 7);
  const heights = Array.from({ length: bars }, () => {
    seed = (seed * 75 + 74) % 65_537;
    return 18 + (seed % 82);
  });
  const label = memberOf(file, 'voice') === true ? 'voice message' : 'audio';
  return (
    <span class={`voice${isPlayed ? ' played' : ''}`}>
      <button
        type="button"
        class="round"
        aria-label={`Play the ${label}`}
        onClick={() => {
          setPlayed(true);
          onPlay?.();
        }}
      >
        <Icon name="play" />
      </button>
      <span class="wave" aria-hidden="true">
        {heights.map((height, index) => (
          <i key={index} style={{ height: `${String(height)}%` }} />
        ))}
      </span>
      <span class="length">0:{String(4 + (seed % 40)).padStart(2, '0')}</span>
    </span>
  );
}

/** A document with its name. */
export function DocumentFile({ file }: { readonly file: unknown }): VNode {
  const name = textIn(file, 'filename') || 'Document';
  const kind = /\.(\w{1,5})$/.exec(name)?.[1] ?? textIn(file, 'mime_type').split('/').at(-1) ?? 'file';
  const url = fileUrl(file);
  const body = (
    <>
      <span class="sheet">
        <Icon name="document" />
      </span>
      <span class="name">
        <strong>{name}</strong>
        <small>{kind === '' ? hostOf(file) : kind.toUpperCase()}</small>
      </span>
    </>
  );
  return url === undefined ? (
    <span class="document">{body}</span>
  ) : (
    <a class="document" href={url} download={name}>
      {body}
    </a>
  );
}

/** A location with a drawn map. */
export function Place({ place }: { readonly place: unknown }): VNode {
  const [latitude, longitude] = [Number(memberOf(place, 'latitude')), Number(memberOf(place, 'longitude'))];
  const name = textIn(place, 'name') || `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  return (
    <span class="place">
      <span class="map" role="img" aria-label={`Map of ${name}`}>
        <svg viewBox="0 0 240 120" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
          <rect class="land" width="240" height="120" />
          <path class="water" d="M0 84c60-26 90 12 140-8s70-18 100-8v52H0z" />
          <path class="park" d="M22 10h58v34H22zM168 14h52v26h-52z" />
          <path class="road" d="M0 60h240M104 0v120M152 0v70M0 24l240 30" />
        </svg>
        <span class="marker">
          <Icon name="pin" />
        </span>
      </span>
      <strong>{name}</strong>
      {textIn(place, 'address') !== '' && <small>{textIn(place, 'address')}</small>}
    </span>
  );
}
