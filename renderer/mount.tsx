// Composes the window: wire, mirror, view, screens.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { chooseWire } from './bridge.ts';
import { WindowContext } from './store/context.ts';
import { createMirror } from './store/mirror.ts';
import { createView } from './store/view.ts';
import './styles/tokens.css';
import './styles/page.css';

export function mount(document: Document, window: Window): void {
  const root = document.getElementById('root');
  if (root === null) return;
  const wire = chooseWire(window);
  const mirror = createMirror(wire);
  const view = createView();
  mirror.start();
  wire.bridge.app.raised(() => window.focus());
  createRoot(root).render(
    <StrictMode>
      <WindowContext value={{ bridge: wire.bridge, mirror: mirror.store, view }}>
        <App />
      </WindowContext>
    </StrictMode>,
  );
}
