// Saving the whole graph as a picture, named after its project.
import { type RefObject, useCallback } from 'react';
import type { Graph } from '../api.ts';
import { saveFile } from '../pages/save-file.ts';
import { strings } from '../strings.ts';
import { useToast } from '../ui/toast.tsx';
import type { ComponentNode } from './nodes.ts';
import { createPalette } from './palette.ts';

export type PictureFormat = 'svg' | 'png';

export function useExport(
  container: RefObject<HTMLElement | null>,
  graph: Graph,
  nodes: readonly ComponentNode[],
): (format: PictureFormat) => Promise<void> {
  const toast = useToast();
  return useCallback(
    async (format) => {
      const element = container.current;
      const pen = document.createElement('canvas').getContext('2d');
      if (!element || !pen) return;
      const [{ pictureOf }, { toSvg }, { toPng }] = await Promise.all([
        import('./picture.ts'),
        import('./picture-svg.ts'),
        import('./picture-png.ts'),
      ]);
      const palette = createPalette(element);
      const title = graph.project.name;
      const measure = (text: string, size: number, weight: number) => {
        pen.font = `${weight} ${size}px ${palette.font()}`;
        return pen.measureText(text).width;
      };
      const picture = pictureOf({ title, nodes, edges: graph.edges, token: palette.token, measure });
      if (!picture) {
        toast({ text: strings.canvas.export_empty });
        return;
      }
      const name = `${title}.${format}`;
      if (format === 'svg') {
        saveFile(new Blob([toSvg(picture)], { type: 'image/svg+xml' }), name);
        toast({ text: strings.canvas.exported(name) });
        return;
      }
      const png = await toPng(picture);
      if (!png) {
        toast({ tone: 'problem', text: strings.canvas.export_failed });
        return;
      }
      saveFile(png.blob, name);
      const { width, height, scale } = png;
      const said =
        scale < 1
          ? strings.canvas.exported_smaller(name, width, height, Math.round(scale * 100))
          : strings.canvas.exported(name);
      toast({ text: said });
    },
    [container, graph, nodes, toast],
  );
}
