// The window's entry.

import { mount } from './mount.tsx';

mount(document, window);
