// The tray icon over Electron. Its menu is set again after every change, which Linux needs, and only when it changed.

import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import { drawTrayIcon } from './tray-icon.ts';
import type { TrayAct, TrayItem, TrayView } from './tray-menu.ts';

export type TrayIcon = {
  readonly show: (view: TrayView) => void;
  readonly close: () => void;
};

/** Points; drawn for screens of one and of two pixels a point. */
const SIDE: Readonly<Partial<Record<NodeJS.Platform, number>>> = { darwin: 18, win32: 16 };

/** `onClick` is what a click on the icon does, where the system tells of one. */
export function openTray(
  platform: NodeJS.Platform,
  act: (one: TrayAct) => void,
  onClick: () => void,
): TrayIcon {
  const tray = new Tray(imageOf(platform, 'idle', 0));
  if (platform !== 'darwin') tray.on('click', onClick);
  let shown = '';
  return {
    show: (view) => {
      const now = JSON.stringify(view);
      if (now === shown) return;
      shown = now;
      tray.setImage(imageOf(platform, view.state, view.count));
      tray.setToolTip(view.tooltip);
      tray.setContextMenu(Menu.buildFromTemplate(view.items.map((item) => templateOf(item, act))));
    },
    close: () => tray.destroy(),
  };
}

function templateOf(item: TrayItem, act: (one: TrayAct) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'line':
      return { type: 'separator' };
    case 'text':
      return { label: item.label, enabled: false };
    case 'act':
      return { label: item.label, click: () => act(item.act) };
    case 'check':
      return {
        label: item.label,
        type: 'checkbox',
        checked: item.on,
        click: () => act(item.act),
      };
  }
}

function imageOf(
  platform: NodeJS.Platform,
  state: TrayView['state'],
  count: number,
): Electron.NativeImage {
  const side = SIDE[platform] ?? 22;
  const template = platform === 'darwin';
  const image = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const size = side * scaleFactor;
    const drawn = drawTrayIcon(state, count, { size, template });
    const bitmap = Buffer.from(drawn.buffer, drawn.byteOffset, drawn.byteLength);
    const one = nativeImage.createFromBitmap(bitmap, { width: size, height: size });
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer: one.toPNG() });
  }
  image.setTemplateImage(template);
  return image;
}
