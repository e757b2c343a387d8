const bytes = new Uint8Array([0, 13, 10, 255, 112, 110, 103]);

/** Every kind of body that `fetch` takes, by its name. @type {Record<string, () => BodyInit>} */
export const bodies = {
  text: () => '{"amount":5}',
  form: () => {
    const form = new FormData();
    form.append('amount', '5');
    form.append(
      'scan',
      new File([new Uint8Array([0, 13, 10, 255])], 'scan.pdf', { type: 'application/pdf' }),
    );
    form.append('note', new Blob(['plain'], { type: 'text/plain' }));
    return form;
  },
  blob: () => new Blob([bytes], { type: 'image/png' }),
  search: () =>
    new URLSearchParams([
      ['to', 'Ann & Bob'],
      ['to', 'ü'],
    ]),
  buffer: () => bytes.slice().buffer,
  view: () => bytes.subarray(2, 5),
  stream: () => new Blob([bytes]).stream(),
};
