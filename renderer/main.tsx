// The window's entry: composes wire, mirror, view and screens.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { invariant } from '../shared/result.ts';
import { App } from './App.tsx';
import { chooseWire } from './bridge.ts';
import { WindowContext } from './store/context.ts';
import { createMirror } from './store/mirror.ts';
import { createView } from './store/view.ts';
import './styles/tokens.css';
import './styles/page.css';

const root = document.getElementById('root');
invariant(root, 'the page has no place for the window');
const wire = chooseWire(window);
const mirror = createMirror(wire);
const view = createView();
mirror.start();
wire.bridge.app.raised(({ request }) => {
  window.focus();
  // A notification or a link was about this one: it opens, and decides nothing.
  if (request !== undefined) view.setState({ selected: request, opened: true, screen: 'desk' });
});
createRoot(root).render(
  <StrictMode>
    <WindowContext value={{ bridge: wire.bridge, mirror: mirror.store, view }}>
      <App />
    </WindowContext>
  </StrictMode>,
);
