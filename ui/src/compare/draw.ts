import { strokes, type Stroke } from './picture';
import type { Racing } from './race';

/** A picture has twice the pixels, so that it is sharp in print. */
const SCALE = 2;
const SANS = "'Inter Variable', system-ui, sans-serif";
const font = (size: number, weight: number) => `${weight} ${size}px ${SANS}`;

/** Draws a comparison: the bytes of a PNG. */
export async function picture(question: string, all: readonly Racing[]): Promise<Uint8Array> {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('This web view cannot draw pictures.');
  const measure = (text: string, size: number, weight: number) => {
    pen.font = font(size, weight);
    return pen.measureText(text).width;
  };
  const { strokes: drawn, width, height } = strokes(question, all, measure);
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
  pen.scale(SCALE, SCALE);
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, width, height);
  for (const stroke of drawn) draw(pen, stroke);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('The picture is too large to be made.');
  return new Uint8Array(await blob.arrayBuffer());
}

function draw(pen: CanvasRenderingContext2D, stroke: Stroke): void {
  if ('text' in stroke) {
    pen.font = font(stroke.size, stroke.weight);
    pen.fillStyle = stroke.colour;
    pen.fillText(stroke.text, stroke.x, stroke.y);
    return;
  }
  const { x, y, width, height, colour, isHatched } = stroke;
  pen.fillStyle = colour;
  if (!isHatched) {
    pen.fillRect(x, y, width, height);
    return;
  }
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 3;
  for (let at = x - height; at < x + width; at += 7) {
    pen.beginPath();
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
    pen.stroke();
  }
  pen.restore();
}
