import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { setClipboard } from './components/shared';
import { copyText } from './host';
import { app } from './state';
import { startTheme } from './state/theme';

startTheme();
setClipboard(copyText);
const target = document.getElementById('app');
if (target) mount(App, { target });
void app.start();
