/** Starts the console in the page. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startI18n } from './i18n/index.ts';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/login.css';
import './styles/states.css';
import './styles/review.css';
import './styles/links.css';
import './styles/facts.css';
import './styles/actions.css';
import './styles/stage.css';
import './styles/cases.css';
import './styles/nodes.css';
import './styles/memory.css';
import './styles/unit.css';
import './styles/reports.css';
import './styles/deliveries.css';
import './styles/registry.css';
import './styles/access.css';
import './styles/doors.css';

async function start(): Promise<void> {
  await startI18n();
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  createRoot(root).render(<App />);
}

void start();
