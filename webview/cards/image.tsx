import { t } from '../strings';
import type { ToolItem } from '../view-state';

const SHOWN = /^image\/(png|jpeg|gif|webp)$/;

/** A picture held in the log itself; nothing is fetched, and formats that can carry scripts are not shown. */
export function ImageView({ mediaType, data }: { mediaType: string; data: string }) {
  if (!SHOWN.test(mediaType) || !/^[A-Za-z0-9+/=]+$/.test(data))
    return <div class="card-note">{t('An image that cannot be shown ({0})', mediaType)}</div>;
  return <img class="picture" src={`data:${mediaType};base64,${data}`} alt={t('Image from the tool')} />;
}

export function ImageBody({ item }: { item: ToolItem }) {
  return item.display?.kind === 'image' ? <ImageView mediaType={item.display.mediaType} data={item.display.data} /> : null;
}
