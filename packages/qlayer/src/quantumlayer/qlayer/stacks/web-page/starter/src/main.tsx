import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Pages } from './pages';
import './styles.css';

const root = document.getElementById('root');
if (!root) {
  throw new Error('index.html has no element with the id root.');
}
createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <Pages />
    </BrowserRouter>
  </StrictMode>,
);
