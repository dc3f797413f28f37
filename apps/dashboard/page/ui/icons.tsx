import type { Drone } from '@dronecast/client';

const SHAPES: Readonly<Record<Drone['deviceCategory'], string>> = {
  DRONE:
    'M5 3a2 2 0 1 0 0 4 2 2 0 0 0 1.6-.8L8 7.6v.8L6.6 9.8A2 2 0 1 0 7 11l1-1 1 1a2 2 0 1 0 .4-1.2L8 8.4v-.8l1.4-1.4A2 2 0 1 0 9 5L8 6 7 5a2 2 0 0 0-2-2Z',
  'BODY CAM':
    'M6 2h4v2h2a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h2V2Zm2 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  CCTV: 'M2 4l10-1 1 4-2 .4.6 1.6-3 1L8 8.2 5 9v2H3v2H1V8h2l-1-4Z',
};

export function CategoryIcon({ category }: { category: Drone['deviceCategory'] }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" role="img" aria-label={category}>
      <title>{category}</title>
      <path d={SHAPES[category]} />
    </svg>
  );
}
