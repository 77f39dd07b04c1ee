export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Where it sends the browser; empty when nowhere. */
  location: string;
}

/** What a browser does with our pages: it keeps cookies, and sends what a form holds. It follows no redirect by itself. */
export interface Browser {
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends fields as a form of our own page does, without its token. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** The token of the forms of a page. */
  tokenOn(path: string): Promise<string>;
  /** Opens the log-in page, fills it in, and sends it. */
  logIn(name: string, password: string, next?: string): Promise<Answer>;
}

export function createBrowser(origin: string, address?: string): Browser {
  const cookies = new Map<string, string>();

  async function ask(path: string, options: RequestInit): Promise<Answer> {
    const response = await fetch(new URL(path, origin), {
      ...options,
      redirect: 'manual',
      headers: {
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(address && { 'x-forwarded-for': address }),
        ...(options.headers as Record<string, string>),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '' || /expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location') ?? '';
    return { status: response.status, headers: response.headers, text: await response.text(), location };
  }

  const browser: Browser = {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, fields, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
    async tokenOn(path) {
      return /name="form_token" value="([^"]+)"/.exec((await browser.get(path)).text)?.[1] ?? '';
    },
    async logIn(name, password, next = '') {
      const path = `/console/log-in${next && `?${new URLSearchParams({ next }).toString()}`}`;
      const { text } = await browser.get(path);
      const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
      const hidden = Object.fromEntries(
        fields.map(([, key = '', value = '']) => [key, value.replaceAll('&amp;', '&')]),
      );
      return browser.post('/console/log-in', { ...hidden, name, password });
    },
  };
  return browser;
}
