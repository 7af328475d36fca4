/** A web server with good and bad manners, for `http/request`. */
import type { Case } from '../cases.js';
import { web } from '../webServer.js';

const LARGE_BYTES = 3 << 20;
const SLOW_MS = 100;

export async function rudeWeb(t: Case): Promise<string> {
  const { url } = await web(t, (request, response) => {
    switch (request.url ?? '/') {
      case '/empty':
        response.writeHead(204).end();
        break;
      case '/large':
        response.end(Buffer.alloc(LARGE_BYTES, 'x'));
        break;
      case '/slow':
        setTimeout(() => response.end('late'), SLOW_MS);
        break;
      case '/cut':
        response.write('half');
        setTimeout(() => response.destroy(), 10);
        break;
      case '/lies':
        response.writeHead(200, { 'content-length': '100' });
        response.write('short');
        setTimeout(() => response.socket?.end(), 10);
        break;
      case '/again':
        response.writeHead(302, { location: '/again' }).end();
        break;
      case '/redirect':
        response.writeHead(307, { location: '/' }).end();
        break;
      case '/missing':
        response.writeHead(404).end('no');
        break;
      case '/garbage':
        response.socket?.end('no HTTP at all\r\n\r\n');
        break;
      default:
        response.end('hello');
    }
  });
  return url;
}
