/** The URL of another database on the same server, with the same user. */
export function databaseUrl(url: string, name: string): string {
  const [, head = '', user = '', database = '', options = ''] =
    /^(mongodb(?:\+srv)?:\/\/)([^/]*@)?(?:[^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url) ?? [];
  const hosts = url.slice(head.length + user.length).split(/[/?]/)[0] ?? '';
  // The user is looked for in the database of the URL, unless it says where.
  const source =
    user === '' || /(^|&)authSource=/i.test(options)
      ? ''
      : `authSource=${database === '' ? 'admin' : database}`;
  const query = [options, source].filter((part) => part !== '').join('&');
  return `${head}${user}${hosts}/${name}${query === '' ? '' : `?${query}`}`;
}
